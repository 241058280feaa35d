package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.StartResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A supervision tree that is started and stopped as one, with a name and settings of its own: what
/// a deployment consists of. Children start in the order of the spec and stop in reverse; start
/// phases run when all of them are up. Several applications on a node, of which one's end may be
/// everybody's, are run by a [Controller].
///
/// May be used from any thread. Corresponds to OTP's `application`.
public final class Application {
  /// Something that is done when the whole tree is up and before the start is reported: filling
  /// caches, opening doors (`start_phase/3`).
  @FunctionalInterface
  public interface Phase {
    /// Does it; must not block.
    ///
    /// @param application the application
    /// @return completes when it is done; when it fails the application is stopped and its start
    ///   fails
    /// @throws Exception likewise
    CompletionStage<?> run(Application application) throws Exception;
  }

  /// What an application consists of.
  ///
  /// @param name its name, unique on a node
  /// @param tree makes the top supervisor's spec from the settings
  /// @param type what its end means for the others; see [Controller]
  /// @param after the names of applications that have to run before it
  /// @param phases start phases by name, in their order
  /// @param environment its settings
  public record Spec(
      String name,
      Function<Environment, SupervisorSpec> tree,
      Restart type,
      List<String> after,
      List<Map.Entry<String, Phase>> phases,
      Map<String, Object> environment) {
    /// Refuses a blank name.
    public Spec {
      if (name.isBlank()) {
        throw new IllegalArgumentException("an application needs a name, got a blank one");
      }
      after = List.copyOf(after);
      phases = List.copyOf(phases);
      environment = Map.copyOf(environment);
    }

    /// A temporary application without phases, settings and requirements.
    ///
    /// @param name its name
    /// @param tree makes the top supervisor's spec from the settings
    /// @return the spec
    public static Spec of(String name, Function<Environment, SupervisorSpec> tree) {
      return new Spec(name, tree, Restart.TEMPORARY, List.of(), List.of(), Map.of());
    }

    /// The same, meaning more or less to the others.
    ///
    /// @param value permanent, transient or temporary
    /// @return the spec
    public Spec type(Restart value) {
      return new Spec(name, tree, value, after, phases, environment);
    }

    /// The same, to be started after others.
    ///
    /// @param names their names
    /// @return the spec
    public Spec after(String... names) {
      return new Spec(name, tree, type, List.of(names), phases, environment);
    }

    /// The same with one more phase at the end.
    ///
    /// @param phase its name, for messages
    /// @param work what it does
    /// @return the spec
    public Spec phase(String phase, Phase work) {
      List<Map.Entry<String, Phase>> more = new ArrayList<>(phases);
      more.add(Map.entry(phase, work));
      return new Spec(name, tree, type, after, more, environment);
    }

    /// The same with settings.
    ///
    /// @param values immutable values by name
    /// @return the spec
    public Spec environment(Map<String, Object> values) {
      return new Spec(name, tree, type, after, phases, values);
    }
  }

  /// The settings of a running application (`get_env`, `put_env`). Any thread.
  public static final class Environment {
    private final String application;
    private final Map<String, Object> values;

    Environment(String application, Map<String, Object> values) {
      this.application = application;
      this.values = new ConcurrentHashMap<>(values);
    }

    /// A setting that must be there.
    ///
    /// @param key its name
    /// @param type its type
    /// @param <T> its type
    /// @return its value
    /// @throws NoSuchElementException when there is none, saying what was probably meant
    /// @throws IllegalArgumentException when it is of another type
    public <T> T get(String key, Class<T> type) {
      Object value = values.get(key);
      if (value == null) {
        throw new NoSuchElementException(
            "application '"
                + application
                + "' has no setting '"
                + key
                + "'"
                + Meant.among(key, values.keySet().stream().sorted().toList()));
      }
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException(
            "setting '%s' of application '%s': expected a %s, got %s, a %s"
                .formatted(key, application, type.getName(), value, value.getClass().getName()));
      }
      return type.cast(value);
    }

    /// A setting that may be there.
    ///
    /// @param key its name
    /// @return its value, or null
    public @Nullable Object find(String key) {
      return values.get(key);
    }

    /// Changes a setting; what was started with the old value keeps it.
    ///
    /// @param key its name
    /// @param value an immutable value
    public void put(String key, Object value) {
      values.put(key, value);
    }
  }

  private final Node node;
  private final String name;
  private final Environment environment;
  private final Pid<Supervisor.Command> root;

  private Application(
      Node node, String name, Environment environment, Pid<Supervisor.Command> root) {
    this.node = node;
    this.name = name;
    this.environment = environment;
    this.root = root;
  }

  /// Starts a tree as an application without a name of its own.
  ///
  /// @param node where
  /// @param spec the top supervisor
  /// @return the application; see [#start(Node, Spec)]
  public static CompletionStage<Application> start(Node node, SupervisorSpec spec) {
    return start(node, Spec.of("application", environment -> spec));
  }

  /// Starts an application by itself; what it should come after is not looked at.
  ///
  /// @param node where
  /// @param spec the application
  /// @return the application, when all its children are up and all phases are done; fails with
  ///   [IllegalStateException] otherwise, after what was started has been stopped
  public static CompletionStage<Application> start(Node node, Spec spec) {
    Environment environment = new Environment(spec.name(), spec.environment());
    SupervisorSpec tree;
    try {
      tree = spec.tree().apply(environment);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedStage(failure);
    }
    return Supervisor.start(node, tree)
        .thenApply(result -> new Application(node, spec.name(), environment, up(spec, result)))
        .thenCompose(application -> application.phases(spec));
  }

  private static Pid<Supervisor.Command> up(Spec spec, StartResult<Supervisor.Command> result) {
    if (result
        instanceof
        StartResult.Failed<Supervisor.Command>(
            ExitReason.Shutdown(FailedToStart(Object id, ExitReason reason)))) {
      throw new IllegalStateException(
          "the "
              + (spec.name().equals("application") ? "" : "'" + spec.name() + "' ")
              + "application did not start: child '"
              + id
              + "' failed: "
              + reason,
          reason instanceof ExitReason.Crashed(Throwable cause) ? cause : null);
    }
    return result.orThrow();
  }

  private CompletionStage<Application> phases(Spec spec) {
    CompletionStage<?> done = CompletableFuture.completedStage(true);
    for (Map.Entry<String, Phase> phase : spec.phases()) {
      done = done.thenCompose(before -> run(phase));
    }
    return done.handle((last, failure) -> failure)
        .thenCompose(
            failure ->
                failure == null
                    ? CompletableFuture.completedStage(this)
                    : stop().thenCompose(stopped -> CompletableFuture.failedStage(failure)));
  }

  private CompletionStage<?> run(Map.Entry<String, Phase> phase) {
    CompletionStage<?> stage;
    try {
      stage = Objects.requireNonNull(phase.getValue().run(this), "a phase returned null");
    } catch (Exception failure) {
      stage = CompletableFuture.failedStage(failure);
    }
    return stage.handle(
        (done, failure) -> {
          if (failure != null) {
            throw new IllegalStateException(
                "start phase '" + phase.getKey() + "' of application '" + name + "' failed",
                failure instanceof CompletionException ? failure.getCause() : failure);
          }
          return true;
        });
  }

  /// Its name.
  ///
  /// @return the name
  public String name() {
    return name;
  }

  /// Its settings.
  ///
  /// @return the settings
  public Environment environment() {
    return environment;
  }

  /// The top supervisor.
  ///
  /// @return its pid
  public Pid<Supervisor.Command> supervisor() {
    return root;
  }

  /// Completes when the tree is gone: because it was stopped, or because its top supervisor gave
  /// up.
  ///
  /// @return why it ended
  public CompletionStage<ExitReason> ended() {
    return node.exited(root);
  }

  /// Stops the tree in reverse order of its start; each child has the time its spec gives it.
  ///
  /// @return completes when everything is stopped; at once when it was already
  public CompletionStage<@Nullable Void> stop() {
    return GenServer.stop(root, ExitReason.SHUTDOWN, Supervisor.PATIENCE)
        .<@Nullable Void>handle((stopped, gone) -> null);
  }

  /// The applications of a node: starts each after those it needs, stops them in reverse order, and
  /// stops all when one ends whose end is everybody's (OTP's application controller).
  ///
  /// When a permanent application ends by itself, for whatever reason, or a transient one for
  /// another reason than normal, all are stopped; [#down] tells, and it is for the program to exit.
  /// A temporary one's end is nobody else's business.
  public static final class Controller {
    private final Node node;

    /// In the order of their start; guarded by this, as `starting` and `stopped` are.
    private final Map<String, Application> running = new LinkedHashMap<>();

    /// The starts that are under way.
    private final Map<String, CompletionStage<Application>> starting = new LinkedHashMap<>();

    private final CompletableFuture<ExitReason> down = new CompletableFuture<>();

    /// The end of everything, from the moment it begins.
    private @Nullable CompletionStage<@Nullable Void> stopped;

    /// A controller without applications.
    ///
    /// @param node where they run
    public Controller(Node node) {
      this.node = node;
    }

    /// Starts an application.
    ///
    /// @param spec the application
    /// @return the application; fails with [IllegalStateException] when it runs or is being started
    ///   already, when one it comes after does not run, when all are stopped meanwhile, or as
    ///   [Application#start(Node, Spec)] does
    public CompletionStage<Application> start(Spec spec) {
      CompletableFuture<Application> start = new CompletableFuture<>();
      synchronized (this) {
        String obstacle = obstacle(spec);
        if (obstacle != null) {
          return CompletableFuture.failedStage(
              new IllegalStateException("application '" + spec.name() + "' " + obstacle));
        }
        starting.put(spec.name(), start);
      }
      Application.start(node, spec)
          .whenComplete(
              (application, failure) -> {
                if (application == null) {
                  synchronized (this) {
                    starting.remove(spec.name());
                  }
                  start.completeExceptionally(
                      failure instanceof CompletionException wrapped && wrapped.getCause() != null
                          ? wrapped.getCause()
                          : failure);
                } else {
                  started(application, spec, start);
                }
              });
      return start;
    }

    private void started(Application application, Spec spec, CompletableFuture<Application> start) {
      boolean tooLate;
      synchronized (this) {
        starting.remove(spec.name());
        tooLate = stopped != null;
        if (!tooLate) {
          running.put(spec.name(), application);
        }
      }
      if (tooLate) {
        var _ =
            application
                .stop()
                .whenComplete(
                    (done, failure) ->
                        start.completeExceptionally(
                            new IllegalStateException(
                                "application '"
                                    + spec.name()
                                    + "' was stopped while it started: all applications are being"
                                    + " stopped")));
        return;
      }
      var _ =
          application.ended().whenComplete((reason, failure) -> ended(application, spec, reason));
      start.complete(application);
    }

    private @Nullable String obstacle(Spec spec) {
      if (stopped != null) {
        return "cannot be started: all applications are being stopped";
      }
      if (starting.containsKey(spec.name())) {
        return "is being started already";
      }
      if (running.containsKey(spec.name())) {
        return "is started already";
      }
      for (String needed : spec.after()) {
        if (!running.containsKey(needed)) {
          return "comes after '"
              + needed
              + "', which does not run: start that first"
              + Meant.among(needed, running.keySet());
        }
      }
      return null;
    }

    /// A running application.
    ///
    /// @param name its name
    /// @return the application, or null
    public synchronized @Nullable Application find(String name) {
      return running.get(name);
    }

    /// The applications that run.
    ///
    /// @return their names in the order of their start
    public synchronized List<String> running() {
      return List.copyOf(running.keySet());
    }

    /// Stops one application; its type does not matter then.
    ///
    /// @param name its name
    /// @return completes when it is stopped; at once when it does not run
    public CompletionStage<@Nullable Void> stop(String name) {
      Application application;
      synchronized (this) {
        application = running.remove(name);
      }
      return application == null
          ? CompletableFuture.<@Nullable Void>completedStage(null)
          : application.stop();
    }

    /// Stops all applications, the last started first, each when the one before has stopped; those
    /// that are being started first of all, as soon as they are up.
    ///
    /// @return completes when everything is stopped, also when others began it
    public CompletionStage<@Nullable Void> stopAll() {
      return stopAll(ExitReason.SHUTDOWN);
    }

    /// Completes when all applications were stopped, by [#stopAll] or because one ended whose end
    /// is everybody's.
    ///
    /// @return the reason: shutdown, or that one's
    public CompletionStage<ExitReason> down() {
      return down;
    }

    private void ended(Application application, Spec spec, @Nullable ExitReason reason) {
      ExitReason why = reason == null ? ExitReason.NO_PROCESS : reason;
      synchronized (this) {
        if (stopped != null || !running.remove(spec.name(), application)) {
          return;
        }
      }
      boolean everybodys =
          switch (spec.type()) {
            case PERMANENT -> true;
            case TRANSIENT -> !(why instanceof ExitReason.Normal);
            case TEMPORARY -> false;
          };
      if (everybodys) {
        var _ = stopAll(why);
      }
    }

    private CompletionStage<@Nullable Void> stopAll(ExitReason why) {
      CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
      List<Application> all;
      List<CompletionStage<Application>> late;
      synchronized (this) {
        if (stopped != null) {
          return stopped;
        }
        stopped = end;
        all = new ArrayList<>(running.values()).reversed();
        late = List.copyOf(starting.values());
        running.clear();
      }
      CompletionStage<?> last = CompletableFuture.completedStage(true);
      for (CompletionStage<Application> start : late) {
        last = last.thenCompose(before -> start.handle((never, refused) -> true));
      }
      for (Application application : all) {
        last = last.thenCompose(before -> application.stop());
      }
      last.whenComplete(
          (done, failure) -> {
            down.complete(why);
            end.complete(null);
          });
      return end;
    }
  }
}
