package dev.athanor.cms.desk;

import dev.athanor.domain.campaigns.Campaign;
import dev.athanor.domain.campaigns.Campaigns;
import dev.athanor.domain.problem.Refused;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/// Watching campaigns, holding and ending them.
@ApplicationScoped
class CampaignPages {
  private static final int LATEST = 50;

  private final Campaigns campaigns;

  @Inject
  CampaignPages(Campaigns campaigns) {
    this.campaigns = campaigns;
  }

  /// @param path what follows /cms/campaigns: nothing, an id, or an id and what to do
  void answer(Browser browser, String path, boolean reads) {
    String[] parts = path.split("/", -1);
    if (path.isEmpty() && reads) {
      browser
          .exchange()
          .when(
              campaigns.latest(LATEST),
              found ->
                  browser.page(
                      200,
                      Templates.campaigns(
                          browser.session(), found.stream().map(CampaignView::new).toList())));
    } else if (parts.length == 2 && reads) {
      show(browser, parts[1]);
    } else if (parts.length == 3 && !reads) {
      change(browser, id(parts[1]), parts[2]);
    } else {
      throw PostPages.nothingHere("/campaigns" + path);
    }
  }

  private void show(Browser browser, String text) {
    browser
        .exchange()
        .when(
            campaigns.find(id(text)),
            found -> {
              if (found == null) {
                throw new Refused(Campaigns.unknown(text));
              }
              browser.page(200, Templates.campaign(browser.session(), new CampaignView(found)));
            });
  }

  private void change(Browser browser, UUID id, String what) {
    browser.form(
        _ -> {
          Uni<Campaign> changed =
              switch (what) {
                case "pause" -> campaigns.pause(id);
                case "resume" -> campaigns.resume(id);
                case "cancel" -> campaigns.cancel(id);
                default -> throw PostPages.nothingHere("/campaigns/" + id + "/" + what);
              };
          browser
              .exchange()
              .when(changed, _ -> browser.exchange().redirect("/cms/campaigns/" + id));
        });
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw new Refused(Campaigns.unknown(text));
    }
  }
}
