package dev.athanor.otp.ets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowsTest {
  /// A write of several keys that is called off puts an older list back, which may have been
  /// appended to before.
  @Test
  void with_twiceToTheSameList_earlierSnapshotStaysWhatItWas() {
    Rows<String> before = Rows.of("a").with("b");
    Rows<String> first = before.with("c");
    Rows<String> second = before.with("d");
    assertThat(first).containsExactly("a", "b", "c");
    assertThat(second).containsExactly("a", "b", "d");
    assertThat(second.with("e")).containsExactly("a", "b", "d", "e");
    assertThat(first.with("f")).containsExactly("a", "b", "c", "f");
  }
}
