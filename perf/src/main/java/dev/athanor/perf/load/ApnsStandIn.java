package dev.athanor.perf.load;

import com.eatthepath.pushy.apns.server.BenchmarkApnsServer;
import com.eatthepath.pushy.apns.server.BenchmarkApnsServerBuilder;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Apple's push service in the form of Pushy's own benchmark server, which takes everything: on
/// `--port`, with the key and certificate `apns` of the PKCS 12 file `--keystore` (password
/// `--password`). Beside that file it leaves what a sender needs: `apns.pem`, the certificate to
/// trust, and `signing.p8`, a key to sign with. Runs until it is ended.
public final class ApnsStandIn {
  private static final Map<String, String> DEFAULTS =
      Map.of("port", "2197", "keystore", "", "password", "athanor");

  private ApnsStandIn() {}

  /// Starts, says that it listens, and stays.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if the key cannot be read or the port is taken
  public static void main(String[] args) throws Exception {
    Options options = Options.of(args, DEFAULTS);
    Path file = Path.of(options.text("keystore")).toAbsolutePath();
    char[] password = options.text("password").toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    X509Certificate certificate = (X509Certificate) store.getCertificate("apns");
    write(file.resolveSibling("apns.pem"), "CERTIFICATE", certificate.getEncoded());
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    write(
        file.resolveSibling("signing.p8"),
        "PRIVATE KEY",
        generator.generateKeyPair().getPrivate().getEncoded());
    BenchmarkApnsServer server =
        new BenchmarkApnsServerBuilder()
            .setServerCredentials(
                new X509Certificate[] {certificate},
                (PrivateKey) store.getKey("apns", password),
                null)
            .setEventLoopGroup(new NioEventLoopGroup(1))
            .build();
    int port = server.start(options.number("port", 0, 65_535)).get(10, TimeUnit.SECONDS);
    Output.standard().line("listening on " + port);
    new CountDownLatch(1).await();
  }

  private static void write(Path file, String kind, byte[] bytes) throws Exception {
    Files.writeString(
        file,
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(bytes)
            + "\n-----END "
            + kind
            + "-----\n");
  }
}
