/// Delivering campaigns: a supervised pool of workers, each with a push connection of its own,
/// which take batch after batch. Start from [PushTree][dev.athanor.processor.campaign.PushTree].
@NullMarked
package dev.athanor.processor.campaign;

import org.jspecify.annotations.NullMarked;
