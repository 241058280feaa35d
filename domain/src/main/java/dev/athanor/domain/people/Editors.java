package dev.athanor.domain.people;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// The people who may publish: the user `editor`, whose password comes from
/// `ATHANOR_EDITOR_PASSWORD` (property `athanor.editor.password`), else is made up at the first
/// start and printed once. Only its bcrypt hash is stored.
@ApplicationScoped
public class Editors {
  /// The name of the only editor there is.
  public static final String EDITOR = "editor";

  Editors() {}

  /// Whether that is the user's password. Any thread; the expensive comparison runs on a worker,
  /// and a password that was right is known for a while so that every request may carry it. Unknown
  /// users take as long as wrong passwords.
  public Uni<Boolean> authenticate(String user, String password) {
    throw new UnsupportedOperationException();
  }
}
