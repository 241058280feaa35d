package dev.athanor.domain.streams;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/// A row of the table `stream`. Rows are never changed or deleted.
@Entity(name = "Stream")
@Table(name = "stream")
class StreamEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Integer id = 0;

  @Column(nullable = false)
  String slug = "";

  @Column(nullable = false)
  String name = "";

  @Column(nullable = false)
  String kind = "";

  @Column(nullable = false)
  String search = "";

  Stream toStream() {
    return new Stream(slug, name, StreamKind.ofWireName(kind));
  }
}
