/// The editors' side: how stories, streams and feeds come in over HTTP. This package holds what its
/// JSON API and its pages share: reading limited bodies, answers. Start from
/// [Exchange][dev.athanor.cms.Exchange].
@NullMarked
package dev.athanor.cms;

import org.jspecify.annotations.NullMarked;
