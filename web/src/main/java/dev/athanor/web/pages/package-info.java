/// The pages readers see: the front page, a stream, a story. Start from
/// [PageRoutes][dev.athanor.web.pages.PageRoutes].
@NullMarked
package dev.athanor.web.pages;

import org.jspecify.annotations.NullMarked;
