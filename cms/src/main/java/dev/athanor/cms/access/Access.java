package dev.athanor.cms.access;

import dev.athanor.domain.people.Editors;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.supervisor.ChildSpec;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Tells whether somebody is an editor, and puts the gatekeeper into the application's tree. Any
/// thread; nothing blocks.
@ApplicationScoped
public class Access implements Supervised {
  private static final int LONGEST = 200;
  private static final String BASIC = "basic ";

  private final Editors editors;

  /// Written by the gatekeeper's process when it starts, read by every request (volatile).
  private volatile @Nullable Pid<Gatekeeper.Message> gatekeeper;

  @Inject
  Access(Editors editors) {
    this.editors = editors;
  }

  /// Whether that is an editor and the right password. A password that was right within the last
  /// minute, and a name that nobody has, are answered at once. Other attempts pass the gatekeeper;
  /// too many that wait from the same address are refused with 429.
  ///
  /// @param address where he comes from
  public Uni<Boolean> check(String address, String user, String password) {
    if (!user.equals(Editors.EDITOR) || password.length() > LONGEST) {
      return Uni.createFrom().item(false);
    }
    if (editors.knows(user, password)) {
      return Uni.createFrom().item(true);
    }
    Pid<Gatekeeper.Message> gate = gatekeeper;
    String who = address + ' ' + user;
    return admitted(gate, who)
        .flatMap(
            may -> {
              if (!may) {
                throw new Refused(tooMany());
              }
              return editors
                  .authenticate(user, password)
                  .onItemOrFailure()
                  .invoke((right, failure) -> tell(gate, who, failure == null ? right : null));
            });
  }

  private static void tell(
      @Nullable Pid<Gatekeeper.Message> gate, String who, @Nullable Boolean right) {
    if (gate != null) {
      gate.send(right == null ? new Gatekeeper.Unknown(who) : new Gatekeeper.Outcome(who, right));
    }
  }

  /// Whether an Authorization header holds an editor's Basic credentials.
  public Uni<Boolean> checkBasic(String address, @Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return Uni.createFrom().item(false);
    }
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
      pair = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return Uni.createFrom().item(false);
    }
    int colon = pair.indexOf(':');
    return colon < 0
        ? Uni.createFrom().item(false)
        : check(address, pair.substring(0, colon), pair.substring(colon + 1));
  }

  @Override
  public int order() {
    return 200;
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(
        ChildSpec.<Gatekeeper.Message>process(
            "cms.gatekeeper", () -> new Gatekeeper(System::nanoTime, pid -> gatekeeper = pid)));
  }

  private static Uni<Boolean> admitted(@Nullable Pid<Gatekeeper.Message> gate, String who) {
    if (gate == null || !gate.isAlive()) {
      return Uni.createFrom().item(true);
    }
    CompletableFuture<Boolean> admitted = new CompletableFuture<>();
    gate.send(new Gatekeeper.Ask(who, admitted));
    return Uni.createFrom().completionStage(admitted);
  }

  private static Problem tooMany() {
    return Problem.of(
        429,
        "too-many-attempts",
        "Too many attempts",
        "Expected an attempt now and then, got too many at once. Try again in half a minute.");
  }
}
