package dev.athanor.otp.statem;

import dev.athanor.otp.process.Behavior.What;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The actions of one step, sorted by when they are due: replies at once, the others after the
/// state was entered.
final class Deeds<M> {
  boolean postpone;
  private final List<Event<M>> inserted = new ArrayList<>(1);
  private final Map<StateAction.Timer, StateAction> timers = new LinkedHashMap<>(2);

  static <M> @Nullable Deeds<M> of(
      StatemProcess<M, ?, ?> process, @Nullable Deeds<M> before, List<StateAction> actions) {
    if (actions.isEmpty()) {
      return before;
    }
    Deeds<M> deeds = before == null ? new Deeds<>() : before;
    for (StateAction action : actions) {
      deeds.take(process, action, true);
    }
    return deeds;
  }

  @SuppressWarnings("unchecked")
  void take(StatemProcess<M, ?, ?> process, StateAction action, boolean entering) {
    switch (action) {
      case StateAction.Reply reply -> process.reply(reply);
      case StateAction.Start start -> last(start.timer(), start);
      case StateAction.Cancel cancel -> last(cancel.timer(), cancel);
      case StateAction.Update update -> last(update.timer(), update);
      case StateAction.Hibernate _ -> {}
      case StateAction.Postpone wish -> {
        refuse(process, action, entering);
        postpone = wish.yes();
      }
      case StateAction.NextEvent next -> {
        refuse(process, action, entering);
        inserted.add((Event<M>) next.event());
      }
    }
  }

  private static void refuse(StatemProcess<?, ?, ?> process, StateAction action, boolean entering) {
    if (entering) {
      throw new IllegalStateException(
          process.module()
              + ".enter gave the action "
              + action
              + "; a state that is entered may reply and start timeouts, nothing else");
    }
  }

  private void last(StateAction.Timer timer, StateAction action) {
    timers.remove(timer);
    timers.put(timer, action);
  }

  void finish(StatemProcess<M, ?, ?> process) {
    for (StateAction action : timers.values()) {
      boolean atOnce = process.timeouts.act(process.self(), action);
      process.tell(atOnce ? What.INSERT_TIMEOUT : What.START_TIMER, action, null);
    }
    for (int i = inserted.size() - 1; i >= 0; i--) {
      process.queue.addFirst(inserted.get(i));
    }
  }
}
