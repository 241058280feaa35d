package dev.athanor.otp.ets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.ets.TableFile.Codec;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {

  private static final TableFile<Long, String> FILES = TableFile.of(Codec.LONG, Codec.STRING);

  @TempDir private Path folder;

  private final ManualScheduler scheduler = new ManualScheduler();
  private final Node node = Node.on(scheduler);
  private final Tables tables = new Tables(node);
  private final Pid<Runnable> owner = ManualScheduler.doer(node);

  private Table<Long, String> filled(TableSpec<Long, String> spec) {
    Table<Long, String> table = tables.create(spec.access(Access.PUBLIC).owner(owner));
    for (long i = 0; i < 1_000; i++) {
      table.insert(i % 300, "value " + i % 600);
    }
    return table;
  }

  private TableSpec<Long, String> restored() {
    return TableSpec.<Long, String>set("restored").named().owner(owner);
  }

  private void refused(Path file, String... because) {
    assertThatThrownBy(() -> FILES.load(tables, restored(), file))
        .isInstanceOf(TableException.BadFile.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(because);
    assertThat(tables.<Long, String>whereis("restored")).isNull();
    assertThat(tables.all().map(Table::name)).doesNotContain("restored");
  }

  @Test
  void load_everyType_givesBackEveryObject() {
    for (TableSpec<Long, String> spec :
        List.of(
            TableSpec.<Long, String>set("t"),
            TableSpec.<Long, String>orderedSet("t"),
            TableSpec.<Long, String>bag("t"),
            TableSpec.<Long, String>duplicateBag("t"))) {
      Table<Long, String> table = filled(spec);
      Path file = folder.resolve("table-" + table.type());
      assertThat(FILES.save(table, file)).isEqualTo(table.size());
      assertThat(TableFile.inspect(file))
          .isEqualTo(new TableFile.Contents("t", table.type(), table.size()));
      Table<Long, String> again = FILES.load(tables, spec.owner(owner), file);
      assertThat(again.size()).isEqualTo(table.size());
      table.forEach((key, value) -> assertThat(again.lookup(key)).isEqualTo(table.lookup(key)));
    }
    assertThat(folder.toFile().list()).hasSize(4);
  }

  @Test
  void load_anyByteChangedOrMissing_isRefusedAndLeavesNoTable() throws IOException {
    Table<Long, String> table = tables.create(TableSpec.<Long, String>set("t").owner(owner));
    scheduler.in(
        owner,
        () -> {
          table.insert(1L, "one");
          table.insert(2L, "two");
          return true;
        });
    Path file = folder.resolve("file");
    FILES.save(table, file);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x41;
      Files.write(file, flipped);
      refused(file, "table file");
      Files.write(file, Arrays.copyOf(whole, i));
      refused(file, "table file");
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    refused(file, "checksum");
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    refused(file, "ends too soon");
    Files.write(file, whole);
    assertThat(FILES.load(tables, restored(), file).get(2L)).isEqualTo("two");
  }

  @Test
  void load_wrongTypeCodecOrPath_saysWhatIsWrong() {
    Path file = folder.resolve("file");
    refused(folder.resolve("nowhere"), "no such file");
    FILES.save(filled(TableSpec.orderedSet("t")), file);
    refused(file, "ORDERED_SET", "expected SET");
    TableSpec<Long, Long> numbers = TableSpec.<Long, Long>orderedSet("restored").owner(owner);
    assertThatThrownBy(
            () -> TableFile.of(Codec.LONG, Codec.LONG).load(tables, numbers.named(), file))
        .isInstanceOf(TableException.BadFile.class)
        .hasMessageContaining("object 1 of 300");
    assertThat(tables.<Long, Long>whereis("restored")).isNull();
  }

  @Test
  void save_codecOrFolderFails_keepsTheOldFile() throws IOException {
    Path file = folder.resolve("file");
    Table<Long, String> table = filled(TableSpec.set("t"));
    FILES.save(table, file);
    byte[] before = Files.readAllBytes(file);
    Codec<String> failing =
        Codec.of(
            (value, out) -> {
              throw new IllegalStateException("no words");
            },
            in -> "");
    assertThatThrownBy(() -> TableFile.of(Codec.LONG, failing).save(table, file))
        .isInstanceOf(TableException.BadFile.class)
        .hasMessageContaining("no words");
    assertThatThrownBy(() -> FILES.save(table, folder.resolve("missing").resolve("file")))
        .isInstanceOf(TableException.BadFile.class);
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @Test
  void load_nameTaken_leavesTheOtherTable() {
    Path file = folder.resolve("file");
    FILES.save(filled(TableSpec.set("t")), file);
    Table<Long, String> first = FILES.load(tables, restored(), file);
    assertThatThrownBy(() -> FILES.load(tables, restored(), file))
        .isInstanceOf(TableException.NameTaken.class);
    assertThat(tables.<Long, String>whereis("restored")).isSameAs(first);
    assertThat(first.size()).isEqualTo(300);
  }
}
