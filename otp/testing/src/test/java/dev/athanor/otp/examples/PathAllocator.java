package dev.athanor.otp.examples;

import dev.athanor.otp.ets.Access;
import dev.athanor.otp.ets.Table;
import dev.athanor.otp.ets.TableSpec;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.MonitorRef;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.SupervisorSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// Lends paths to processes and cleans a path up when it is given back or its holder has ended.
///
/// The books, path to holder, are a table that belongs to another process. After a restart the
/// allocator monitors every holder in them again: one that died meanwhile is reported at once, as
/// every monitor on the dead is.
final class PathAllocator implements GenServer<PathAllocator.Message, Integer> {
  sealed interface Message {}

  /// Asks for a path until the holder gives it back or ends.
  record Allocate(Pid<?> holder) implements Message, Request<String> {}

  record Free(String path) implements Message, Request<Boolean> {}

  /// Owns the books and does nothing else, so it has no reason to crash. A server, and not a plain
  /// process, so that the books are there before the allocator starts.
  private record Books(Tables tables) implements GenServer<Object, String> {
    @Override
    public InitResult<String> init(ServerSelf<Object> self) {
      return InitResult.ok(
          tables
              .create(TableSpec.<String, Pid<?>>set("paths").named().access(Access.PUBLIC))
              .name());
    }
  }

  private final Tables tables;
  private final Consumer<String> cleanUp;
  private final Map<MonitorRef, String> monitors = new HashMap<>();
  private ServerSelf<Message> self;
  private Table<String, Pid<?>> books;

  private PathAllocator(Tables tables, Consumer<String> cleanUp) {
    this.tables = tables;
    this.cleanUp = cleanUp;
  }

  /// The allocator, named `paths`, after its books.
  static SupervisorSpec tree(Tables tables, Consumer<String> cleanUp) {
    return SupervisorSpec.of(
        Strategy.REST_FOR_ONE,
        ChildSpec.server("books", () -> new Books(tables)),
        ChildSpec.server(
            "allocator", () -> new PathAllocator(tables, cleanUp), ServerOptions.named("paths")));
  }

  @Override
  public InitResult<Integer> init(ServerSelf<Message> server) {
    self = server;
    books = Objects.requireNonNull(tables.<String, Pid<?>>whereis("paths"), "the books");
    int[] highest = {0};
    books.forEach(
        (path, holder) -> {
          highest[0] = Math.max(highest[0], number(path));
          monitors.put(self.monitor(holder), path);
        });
    return InitResult.ok(highest[0]);
  }

  @Override
  public Next<Integer> handleCall(Message request, From<?> from, Integer last) {
    return switch (request) {
      case Allocate allocate -> {
        String path = "/tmp/work-" + (last + 1);
        books.insert(path, allocate.holder());
        monitors.put(self.monitor(allocate.holder()), path);
        yield Next.reply(allocate, path, last + 1);
      }
      case Free free -> {
        boolean known = books.member(free.path());
        if (known) {
          monitors.entrySet().stream()
              .filter(entry -> entry.getValue().equals(free.path()))
              .findFirst()
              .ifPresent(entry -> self.demonitor(entry.getKey(), true));
          monitors.values().remove(free.path());
          release(free.path());
        }
        yield Next.reply(free, known, last);
      }
    };
  }

  @Override
  public Next<Integer> handleInfo(Info info, Integer last) {
    if (info instanceof Info.Down down) {
      String path = monitors.remove(down.ref());
      if (path != null) {
        release(path);
      }
    }
    return Next.noReply(last);
  }

  private void release(String path) {
    cleanUp.accept(path);
    books.delete(path);
  }

  private static int number(String path) {
    return Integer.parseInt(path.substring(path.lastIndexOf('-') + 1));
  }
}
