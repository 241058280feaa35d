/// How long to wait before something that failed is tried again. Start from
/// [Backoff][dev.athanor.processor.retry.Backoff].
@NullMarked
package dev.athanor.processor.retry;

import org.jspecify.annotations.NullMarked;
