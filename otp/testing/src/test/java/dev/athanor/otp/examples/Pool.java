package dev.athanor.otp.examples;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.MonitorRef;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Lends workers to clients: `size` of them are always there, up to `overflow` more while it is
/// crowded, and at most `queue` clients wait. Its workers are linked to it, and it traps exits, so
/// it replaces those that crash and takes all of them along when it ends.
///
/// A client is monitored while it has a worker. If it ends without giving it back, the worker may
/// be in any state: it is killed and replaced.
final class Pool<W> implements GenServer<Pool.Message, Integer> {
  sealed interface Message {}

  /// Asks for a worker; the reply may take its time.
  record Checkout(Pid<?> client) implements Message, Request<Lease> {}

  record Checkin(Pid<?> worker) implements Message {}

  sealed interface Lease {}

  record Lent(Pid<?> worker) implements Lease {}

  /// The queue is as long as it may be.
  record Full() implements Lease {}

  private record Waiting(Checkout request, From<Lease> from) {}

  private record Loan(MonitorRef client, Pid<?> worker) {}

  private final int size;
  private final int overflow;
  private final int queue;
  private final Supplier<dev.athanor.otp.process.Behavior<W>> worker;
  private final Deque<Pid<?>> idle = new ArrayDeque<>();
  private final Map<Pid<?>, Loan> lent = new HashMap<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private ServerSelf<Message> self;

  Pool(int size, int overflow, int queue, Supplier<dev.athanor.otp.process.Behavior<W>> worker) {
    this.size = size;
    this.overflow = overflow;
    this.queue = queue;
    this.worker = worker;
  }

  @Override
  public InitResult<Integer> init(ServerSelf<Message> server) {
    self = server;
    self.trapExit(true);
    for (int i = 0; i < size; i++) {
      idle.add(self.spawnLink(worker.get()));
    }
    return InitResult.ok(0);
  }

  @Override
  @SuppressWarnings("unchecked")
  public Next<Integer> handleCall(Message request, From<?> from, Integer served) {
    if (!(request instanceof Checkout checkout)) {
      throw new IllegalArgumentException("expected Checkout, got " + request);
    }
    waiting.removeIf(gone -> !gone.from().isWaiting());
    if (waiting.size() == queue && idle.isEmpty() && lent.size() >= size + overflow) {
      return Next.reply(checkout, new Full(), served);
    }
    waiting.add(new Waiting(checkout, (From<Lease>) from));
    serve();
    return Next.noReply(served + 1);
  }

  @Override
  public Next<Integer> handleCast(Message message, Integer served) {
    if (message instanceof Checkin checkin) {
      Loan loan = lent.remove(checkin.worker());
      if (loan != null) {
        self.demonitor(loan.client(), true);
        idle.add(loan.worker());
        serve();
      }
    }
    return Next.noReply(served);
  }

  @Override
  public Next<Integer> handleInfo(Info info, Integer served) {
    switch (info) {
      case Info.Down down ->
          lent.values().stream()
              .filter(loan -> loan.client() == down.ref())
              .findFirst()
              .ifPresent(loan -> self.exit(loan.worker(), ExitReason.KILL));
      case Info.Exit exit -> {
        Loan loan = lent.remove(exit.from());
        if (loan != null) {
          self.demonitor(loan.client(), true);
        }
        if ((loan != null || idle.remove(exit.from())) && idle.size() + lent.size() < size) {
          idle.add(self.spawnLink(worker.get()));
        }
        serve();
      }
      case Info.Timeout _, Info.Message _ -> {}
    }
    return Next.noReply(served);
  }

  private void serve() {
    while (!waiting.isEmpty() && (!idle.isEmpty() || lent.size() < size + overflow)) {
      Waiting next = waiting.remove();
      if (next.from().isWaiting()) {
        Pid<?> free = idle.isEmpty() ? self.spawnLink(worker.get()) : idle.remove();
        if (next.from().reply(new Lent(free))) {
          lent.put(free, new Loan(self.monitor(next.request().client()), free));
        } else {
          idle.addFirst(free); // its patience ended just now
        }
      }
    }
    shrink();
  }

  private void shrink() {
    while (!idle.isEmpty() && idle.size() + lent.size() > size) {
      self.exit(idle.remove(), ExitReason.SHUTDOWN);
    }
  }
}
