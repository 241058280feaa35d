/// What readers say about a story, and how editors moderate it. Start from
/// [Chat][dev.athanor.domain.chat.Chat].
@NullMarked
package dev.athanor.domain.chat;

import org.jspecify.annotations.NullMarked;
