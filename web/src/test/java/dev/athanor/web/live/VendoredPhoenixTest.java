package dev.athanor.web.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page script's Phoenix client is the npm package's, byte for byte. */
class VendoredPhoenixTest {
  private static final String VERSION = "1.8.12";
  private static final String SHA_256 =
      "479d9c2f03c1d483ec9854264b1bb9db8631a9f87f576f29ad36f1e47ab6441e";
  private static final String INTEGRITY =
      "svUniHb83aGh1XpYWHe4fkbfrGd6xa26TWO/3clkuNplXwgjxh7RI7GOWxf28VAgDWwQ2/yN8PxIa5dqjXOcAA==";
  private static final String FILE = "phoenix-" + VERSION + "/phoenix.mjs";

  @Test
  void client_vendored_hasTheRecordedChecksum() throws Exception {
    assertThat(HexFormat.of().formatHex(digest("SHA-256", vendored(FILE)))).isEqualTo(SHA_256);
    assertThat(new String(vendored("phoenix-" + VERSION + "/LICENSE.md"), UTF_8)).contains("MIT");
  }

  @Test
  void client_ofTheRegistry_isTheSame(@TempDir Path folder) throws Exception {
    boolean fetched =
        run(folder, List.of("npm", "pack", "--silent", "phoenix@" + VERSION))
            && run(folder, List.of("tar", "xzf", "phoenix-" + VERSION + ".tgz"));
    if (!Boolean.parseBoolean(System.getenv("CI"))) {
      assumeThat(fetched).as("npm and its registry can be reached").isTrue();
    }

    byte[] tarball = Files.readAllBytes(folder.resolve("phoenix-" + VERSION + ".tgz"));
    assertThat(Base64.getEncoder().encodeToString(digest("SHA-512", tarball))).isEqualTo(INTEGRITY);
    assertThat(vendored(FILE))
        .isEqualTo(Files.readAllBytes(folder.resolve("package/priv/static/phoenix.mjs")));
  }

  private static byte[] vendored(String file) throws IOException {
    String path = "META-INF/resources/vendor/" + file;
    try (var stream = VendoredPhoenixTest.class.getClassLoader().getResourceAsStream(path)) {
      assertThat(stream).as(path).isNotNull();
      return stream.readAllBytes();
    }
  }

  private static byte[] digest(String algorithm, byte[] bytes) throws Exception {
    return MessageDigest.getInstance(algorithm).digest(bytes);
  }

  private static boolean run(Path folder, List<String> command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException missing) {
      return false;
    }
  }
}
