package dev.athanor.otp.channels.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SerializerTest {
  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void forVersion_knownOnes_areChosen() {
    assertThat(Serializer.forVersion("2.0.0")).isSameAs(Serializer.V2);
    assertThat(Serializer.forVersion("1.0.0")).isSameAs(Serializer.V1);
    assertThat(Serializer.forVersion(null)).isSameAs(Serializer.V1);
    assertThat(Serializer.forVersion("9.0.0")).isNull();
    assertThat(Serializer.forVersion("2.0.x")).isNull();
    assertThat(Serializer.forVersion("2")).isNull();
  }

  @Test
  void decodeText_escapesAndBlanks_areUnderstood() {
    Message message =
        Serializer.V2.decodeText(
            utf8(" [ null , \"1\" , \"a\\u00fc\\n\\\"\" ,\"e\", { \"x\" : [1,2.5e3,{}] } , 7 ] "));
    assertThat(message.joinRef()).isNull();
    assertThat(message.ref()).isEqualTo("\"1\"");
    assertThat(message.topic()).isEqualTo("aü\n\"");
    assertThat(message.payload().json().at("/x/1").asDouble()).isEqualTo(2500);
    assertThat(message.payload()).hasToString("{ \"x\" : [1,2.5e3,{}] }");
  }

  @Test
  void decodeText_surrogatesWithoutTheirOther_areRefusedWhereverTheyAre() {
    for (String alone :
        new String[] {"\\ud800", "\\udc00", "\\ud800\\ud800", "\\uDBFFx", "\\ud83d\\n"}) {
      for (String frame :
          new String[] {
            "[\"%s\",\"2\",\"t\",\"e\",{}]",
            "[\"1\",\"%s\",\"t\",\"e\",{}]",
            "[\"1\",\"2\",\"%s\",\"e\",{}]",
            "[\"1\",\"2\",\"t\",\"%s\",{}]",
            "[\"1\",\"2\",\"t\",\"e\",{\"%s\":1}]",
            "[\"1\",\"2\",\"t\",\"e\",[\"%s\"]]"
          }) {
        byte[] text = utf8(frame.replace("%s", alone));
        assertThatThrownBy(() -> Serializer.V2.decodeText(text))
            .as(alone)
            .isInstanceOf(BadFrame.class)
            .hasMessageContaining("expected surrogates in pairs");
      }
    }
    assertThat(Serializer.V2.decodeText(utf8("[1,2,\"\\uD83D\\ude00\",\"e\",{}]")).topic())
        .isEqualTo("😀");
  }

  @Test
  void decodeText_deepNesting_isRefusedWithoutOverflow() {
    String deep = "[1,2,\"t\",\"e\"," + "[".repeat(10_000) + "]".repeat(10_000) + "]";
    assertThatThrownBy(() -> Serializer.V2.decodeText(utf8(deep))).isInstanceOf(BadFrame.class);
    String fine = "[1,2,\"t\",\"e\"," + "[".repeat(990) + "]".repeat(990) + "]";
    assertThat(Serializer.V2.decodeText(utf8(fine)).payload().size()).isEqualTo(1980);
  }

  @Test
  void decodeBinary_everyCut_isAMessageOrABadFrame() {
    byte[] whole = {0, 1, 1, 2, 1, '1', '2', 't', ':', 'e', 9, 8};
    Message message = Serializer.V2.decodeBinary(whole);
    assertThat(message)
        .isEqualTo(new Message("\"1\"", "\"2\"", "t:", "e", Payload.binary(new byte[] {9, 8})));
    for (int cut = 0; cut < 10; cut++) {
      byte[] part = java.util.Arrays.copyOf(whole, cut);
      assertThatThrownBy(() -> Serializer.V2.decodeBinary(part)).isInstanceOf(BadFrame.class);
    }
  }

  @Test
  void encode_topicBeyondAscii_isEscapedWhereJsonAsks() {
    ByteBuf out = Unpooled.buffer();
    Serializer.V2.broadcast(out, "a\"ü\n", "e", Payload.EMPTY);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("[null,null,\"a\\\"ü\\n\",\"e\",{}]");
  }

  @Test
  void encode_binaryWithALongTopic_isRefused() {
    ByteBuf out = Unpooled.buffer();
    Payload bytes = Payload.binary(new byte[1]);
    assertThatThrownBy(() -> Serializer.V2.broadcast(out, "t".repeat(256), "e", bytes))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Serializer.V1.push(out, null, null, "t", "e", bytes))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Texts made of pieces of JSON, mostly broken: the scanner and Jackson must agree on each.
  @Test
  void scan_randomPieces_agreesWithJackson() {
    String[] pieces = {
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "\"a\"",
      "\"\\u12aF\"",
      "\"\\x\"",
      "\"\t\"",
      "0",
      "01",
      "-1",
      "-",
      "1.5",
      "1.",
      ".5",
      "1e5",
      "1e",
      "1E+2",
      "true",
      "tru",
      "null",
      " ",
      "\n",
      "\"",
      "+1"
    };
    Random random = new Random(2);
    int valid = 0;
    for (int round = 0; round < 30_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(7); n >= 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      boolean expected = isJson(text.toString());
      assertThat(isScanned(text.toString())).as(text.toString()).isEqualTo(expected);
      valid += expected ? 1 : 0;
    }
    assertThat(valid).isGreaterThan(1_000);
  }

  private static boolean isJson(String text) {
    try {
      return !STRICT.readTree(text).isMissingNode();
    } catch (JsonProcessingException broken) {
      return false;
    }
  }

  private static boolean isScanned(String text) {
    try {
      JsonScanner scanner = new JsonScanner(utf8(text));
      scanner.value();
      scanner.end();
      return true;
    } catch (BadFrame broken) {
      return false;
    }
  }
}
