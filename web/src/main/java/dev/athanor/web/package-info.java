/// The public face: how readers reach the platform over HTTP. This package holds what its JSON API
/// and its pages share: answers, query parameters, the cache of first pages. Start from
/// [FirstPages][dev.athanor.web.FirstPages].
@NullMarked
package dev.athanor.web;

import org.jspecify.annotations.NullMarked;
