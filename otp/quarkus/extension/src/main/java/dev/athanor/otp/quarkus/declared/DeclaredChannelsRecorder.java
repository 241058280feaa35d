package dev.athanor.otp.quarkus.declared;

import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.annotations.Recorder;
import java.util.Map;

/// Hands what the build found to the application.
@Recorder
public class DeclaredChannelsRecorder {
  /// Records the channels.
  ///
  /// @param classes patterns to names of classes, in the order of precedence
  /// @return the bean
  public RuntimeValue<DeclaredChannels> declared(Map<String, String> classes) {
    return new RuntimeValue<>(new DeclaredChannels(classes));
  }
}
