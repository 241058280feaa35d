package dev.athanor.cms.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.athanor.cms.Exchange;
import dev.athanor.domain.input.JsonInput;
import dev.athanor.domain.streams.Slug;
import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.streams.StreamKind;
import dev.athanor.domain.streams.Streams;
import dev.athanor.domain.validation.InvalidContent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Streams as programs make them.
@ApplicationScoped
class StreamApi {
  private static final long LARGEST_BODY = 1 << 20;
  private static final List<String> FIELDS = List.of("name", "slug", "kind");

  private final Streams streams;

  @Inject
  StreamApi(Streams streams) {
    this.streams = streams;
  }

  void create(Exchange exchange) {
    PostApi.media(exchange, Set.of("application/json"));
    exchange.body(LARGEST_BODY, body -> create(exchange, body.getBytes()));
  }

  private void create(Exchange exchange, byte[] json) {
    JsonInput input = JsonInput.read(json, FIELDS, Map.of());
    String name = input.text("name");
    String slug = input.text("slug");
    String kind = input.text("kind");
    input.check();
    if (name == null) {
      throw InvalidContent.of("name", "the stream's name", "nothing");
    }
    StreamKind of = kind == null ? StreamKind.TOPIC : kind(kind);
    String address = slug == null ? Slug.of(name) : slug;
    exchange.when(
        streams.find(address),
        known ->
            exchange.when(
                streams.create(slug, name, of),
                made -> answer(exchange, made, known == null ? 201 : 200)));
  }

  private static void answer(Exchange exchange, Stream stream, int status) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("slug", stream.slug());
    json.put("name", stream.name());
    json.put("kind", stream.kind().wireName());
    exchange.context().response().putHeader("location", "/api/streams/" + stream.slug());
    exchange.json(status, json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static StreamKind kind(String text) {
    for (StreamKind kind : StreamKind.values()) {
      if (kind.wireName().equals(text)) {
        return kind;
      }
    }
    throw InvalidContent.of("kind", "one of topic, team, competition", '"' + text + '"');
  }
}
