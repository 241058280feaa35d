package dev.athanor.domain.campaigns;

import dev.athanor.domain.readers.DeviceKind;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A piece of a campaign in somebody's hands: the devices of one kind of a range of readers,
/// without those that have their answer already.
///
/// @param campaign whose piece it is
/// @param no which one
/// @param kind the kind of its devices
/// @param holder whose hands: the name it was claimed under
/// @param story what to tell the devices
/// @param recipients to whom; a thousand or so
public record PushBatch(
    UUID campaign, int no, DeviceKind kind, UUID holder, Story story, List<Recipient> recipients) {
  /// Copies the list.
  public PushBatch {
    recipients = List.copyOf(recipients);
  }

  /// What devices are told of a story. Push services refuse messages over 4 KiB, so title and body
  /// are cut where they would be longer than 3,000 bytes of JSON together; a device shows less.
  ///
  /// @param post the story; a device that gets it twice shows it once
  /// @param title its title
  /// @param body its summary; null when it has none
  /// @param since when the campaign began
  public record Story(UUID post, String title, @Nullable String body, Instant since) {
    private static final int MOST_BYTES = 3_000;
    private static final int MOST_BYTES_OF_TITLE = 1_000;
    private static final String ELLIPSIS = "…";

    /// Cuts what is too long.
    public Story {
      title = cut(title, MOST_BYTES_OF_TITLE);
      body = body == null ? null : cut(body, MOST_BYTES - bytes(title));
    }

    private static String cut(String text, int most) {
      if (bytes(text) <= most) {
        return text;
      }
      int left = most - bytes(ELLIPSIS);
      int end = 0;
      while (left >= bytes(text.codePointAt(end))) {
        left -= bytes(text.codePointAt(end));
        end += Character.charCount(text.codePointAt(end));
      }
      return text.substring(0, end) + ELLIPSIS;
    }

    private static int bytes(String text) {
      return text.codePoints().map(Story::bytes).sum();
    }

    /// In JSON and UTF-8, at most: some encoders escape what lies outside of the first plane.
    private static int bytes(int c) {
      if (c < 0x80) {
        return c == '"' || c == '\\' || c == '\n' || c == '\t' ? 2 : c < ' ' || c == 0x7F ? 6 : 1;
      }
      return c < 0x800 ? 2 : c < 0x1_0000 ? 3 : 12;
    }
  }

  /// What became of some of its devices.
  ///
  /// @param number which writing of its holder's it is, from 1: the same number again, by a holder
  ///     that has not heard whether it was written down, changes nothing
  /// @param sent who has it
  /// @param dead who is gone, to be forgotten
  /// @param refused who could not be sent to
  /// @param problem why not, the latest; null when there was no reason
  public record Settled(
      int number, List<Long> sent, List<Long> dead, List<Long> refused, @Nullable String problem) {
    /// Copies the lists.
    public Settled {
      sent = List.copyOf(sent);
      dead = List.copyOf(dead);
      refused = List.copyOf(refused);
    }

    /// How many devices.
    public int size() {
      return sent.size() + dead.size() + refused.size();
    }
  }

  /// Whether its holder is to go on.
  public enum Order {
    /// Yes.
    GO_ON,

    /// No: wait for the answers that are under way, settle them, and put it back.
    REST,

    /// No: it is somebody else's by now; forget it.
    LOST
  }
}
