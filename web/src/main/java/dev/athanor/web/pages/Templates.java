package dev.athanor.web.pages;

import dev.athanor.domain.links.LinkCard;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.streams.Cursor;
import dev.athanor.domain.streams.Stream;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The templates below templates/web, checked against these parameters by the build.
@CheckedTemplate(basePath = "web")
final class Templates {
  private Templates() {}

  static native TemplateInstance home(
      Frame frame,
      String topic,
      @Nullable PostView breaking,
      List<PostView> news,
      List<PostView> scores,
      List<Stream> streams);

  static native TemplateInstance stream(
      Frame frame, Stream stream, List<PostView> posts, @Nullable Cursor next, boolean first);

  static native TemplateInstance streams(Frame frame, String query, List<Stream> streams);

  static native TemplateInstance story(Frame frame, PostView post, List<LinkCard> links);

  static native TemplateInstance match(Frame frame, MatchView match);

  static native TemplateInstance matches(Frame frame, List<MatchView> matches);

  static native TemplateInstance refusal(Frame frame, Problem problem);
}
