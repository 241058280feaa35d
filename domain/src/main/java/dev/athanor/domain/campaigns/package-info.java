/// Campaigns: breaking stories on their way to devices, as rows that editors look at and that push
/// workers take their work from. Start from [Campaigns][dev.athanor.domain.campaigns.Campaigns].
@NullMarked
package dev.athanor.domain.campaigns;

import org.jspecify.annotations.NullMarked;
