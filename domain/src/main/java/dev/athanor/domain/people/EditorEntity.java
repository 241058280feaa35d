package dev.athanor.domain.people;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/// A row of the table `editor`.
@Entity(name = "Editor")
@Table(name = "editor")
class EditorEntity {
  @Id String name = "";

  @Column(nullable = false)
  String hash = "";
}
