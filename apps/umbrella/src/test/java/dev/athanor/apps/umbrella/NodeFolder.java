package dev.athanor.apps.umbrella;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The scripts of src/test/node, copied below target with their npm packages installed. */
final class NodeFolder {
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "reader.mjs");

  private NodeFolder() {}

  /** Copies and installs on first use; later uses find it ready. */
  static synchronized Path prepared() throws IOException, InterruptedException {
    Path npm = Tools.require("npm");
    Path source = Path.of("src/test/node");
    Path folder = Files.createDirectories(Path.of("target/node"));
    boolean same =
        Files.exists(folder.resolve("node_modules"))
            && Files.exists(folder.resolve("package-lock.json"))
            && Files.mismatch(
                    source.resolve("package-lock.json"), folder.resolve("package-lock.json"))
                < 0;
    for (String file : FILES) {
      Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!same) {
      Tools.run(folder, List.of(npm.toString(), "ci", "--no-audit", "--no-fund"));
    }
    return folder;
  }
}
