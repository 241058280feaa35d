/// How readers hear of news: the platform's events become broadcasts on the topics that pages and
/// Phoenix clients join. Start from [Topics][dev.athanor.web.live.Topics].
@NullMarked
package dev.athanor.web.live;

import org.jspecify.annotations.NullMarked;
