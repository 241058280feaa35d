package dev.athanor.cms.desk;

import dev.athanor.cms.access.Sessions.Session;
import dev.athanor.cms.feeds.Feeds.Watched;
import dev.athanor.cms.feeds.MatchView;
import dev.athanor.domain.chat.ChatMessage;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.streams.Cursor;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The templates below templates/cms, checked against these parameters by the build.
@CheckedTemplate(basePath = "cms")
final class Templates {
  private Templates() {}

  static native TemplateInstance login(
      Session session, String user, @Nullable String message, String next);

  static native TemplateInstance desk(
      Session session,
      String status,
      List<DeskRow> rows,
      @Nullable Cursor next,
      @Nullable String done);

  static native TemplateInstance editor(
      Session session, PostForm form, @Nullable Post preview, List<String> paragraphs);

  static native TemplateInstance upload(Session session, String speed, @Nullable Problem problem);

  static native TemplateInstance feed(
      Session session, Watched watched, List<MatchView> matches, int percent);

  static native TemplateInstance campaigns(Session session, List<CampaignView> campaigns);

  static native TemplateInstance campaign(Session session, CampaignView view);

  static native TemplateInstance chat(Session session, String story, List<ChatMessage> messages);

  static native TemplateInstance refusal(Session session, Problem problem);
}
