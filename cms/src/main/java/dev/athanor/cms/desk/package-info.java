/// The editors' pages: login, the desk, the editor, feeds. Start from
/// [DeskRoutes][dev.athanor.cms.desk.DeskRoutes].
@NullMarked
package dev.athanor.cms.desk;

import org.jspecify.annotations.NullMarked;
