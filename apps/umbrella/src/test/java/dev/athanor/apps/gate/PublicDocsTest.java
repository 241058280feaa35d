package dev.athanor.apps.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Every public top-level type says what it is; a public type is a promise. */
class PublicDocsTest {
  @Test
  void publicTypes_everyOne_isDocumented() throws IOException {
    List<Path> sources =
        Repository.javaFiles("main").stream()
            .filter(file -> !file.endsWith("package-info.java"))
            .toList();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> undocumented = new ArrayList<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new TreePathScanner<Void, Void>() {
          @Override
          public Void visitClass(ClassTree type, Void unused) {
            TreePath path = getCurrentPath();
            if (type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                && docs.getDocCommentTree(path) == null) {
              undocumented.add(unit.getSourceFile().getName() + ": " + type.getSimpleName());
            }
            return null;
          }
        }.scan(unit, null);
      }
    }
    assertThat(undocumented).as("public types without a doc comment").isEmpty();
  }
}
