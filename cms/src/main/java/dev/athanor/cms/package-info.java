/// The editors' side: how stories, streams and feeds come in over HTTP. This package holds what its
/// JSON API and its pages share: reading limited bodies, strict JSON, answers. Start from
/// [JsonInput][dev.athanor.cms.JsonInput].
@NullMarked
package dev.athanor.cms;

import org.jspecify.annotations.NullMarked;
