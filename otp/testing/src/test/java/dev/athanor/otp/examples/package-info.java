/// Exercises from the literature, small enough to be read in one sitting, each with its test.
///
/// - `Counter`: a server, its protocol, and the functions by which others use it. What is called
///   and what is cast; the state is a number that nobody else can reach.
/// - `PathAllocator`: a server that others owe something to. It monitors whoever holds a path, so
///   that nothing leaks when a holder crashes, and keeps its books in a table that outlives it, so
///   that nothing leaks when it crashes itself.
/// - `Stack`: a state that survives the process. What is worth keeping goes to a stash, started
///   before the stack and therefore untouched by its crashes; `rest_for_one` says so.
/// - `Pool`: a bounded number of workers for any number of clients. Checkout with a monitor, extra
///   workers while it is crowded, a queue with a limit, and a refusal beyond that.
package dev.athanor.otp.examples;
