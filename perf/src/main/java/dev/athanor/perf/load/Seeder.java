package dev.athanor.perf.load;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/// Fills a database with `--streams` streams, `perf-0001` and up, and `--posts` published articles
/// spread evenly over them, one stream each, with texts of `--body` characters. Everything is made
/// by a few statements inside the database, in one transaction: 100,000 posts take seconds. Where
/// as many are there already it does nothing; where other numbers are, its own posts are replaced.
///
/// The rows are what publishing would have left, the encoded JSON among them, but no events: an
/// application that has cached one of these streams before does not see them.
public final class Seeder {
  private static final Map<String, String> DEFAULTS =
      Map.of("home", ".athanor", "streams", "1000", "posts", "100000", "body", "160");

  private static final String STREAMS =
      """
      insert into stream (slug, name, kind, search)
      select 'perf-' || lpad(i::text, 4, '0'), 'Perf ' || lpad(i::text, 4, '0'), 'topic',
             'perf-' || lpad(i::text, 4, '0')
      from generate_series(1, ?) i
      on conflict (slug) do nothing
      """;

  private static final String REMOVE =
      """
      delete from post p using post_stream ps, stream s
      where ps.post_id = p.id and s.id = ps.stream_id and s.slug like 'perf-%'
      """;

  /// The JSON is put together as the one encoder does it; none of the texts needs escaping.
  private static final String POSTS =
      """
      with raw as (
        select md5('perf post ' || i)::uuid as id,
               'perf-' || lpad((i % ? + 1)::text, 4, '0') as slug,
               'Late winner decides match ' || i || ' after a long night' as title,
               'What happened in match ' || i || ', who scored, and what the coaches said.' as summary,
               rpad('Match ' || i || ': ', ?, 'a fair report of a fair match that both wanted to win ')
                 as body,
               date_trunc('second', now()) - i * interval '1.000001 second' as at
        from generate_series(1, ?) i),
      made as (
        insert into post (id, version, type, status, title, summary, body, url, breaking, streams,
                          published_at, updated_at)
        select id, 1, 'article', 'published', title, summary, body, null, false, array[slug], at, at
        from raw)
      insert into post_stream (stream_id, published_at, post_id, json)
      select s.id, r.at, r.id,
             convert_to(
               '{"id":"' || r.id || '","type":"article","title":"' || title || '","summary":"'
                 || summary || '","body":"' || body || '","url":null,"breaking":false,'
                 || '"published_at":"'
                 || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                 || '","streams":["' || r.slug || '"]}',
               'UTF8')
      from raw r join stream s on s.slug = r.slug
      """;

  private static final String COUNT =
      """
      select count(distinct s.id), count(*)
      from stream s join post_stream ps on ps.stream_id = s.id
      where s.slug like 'perf-%'
      """;

  private Seeder() {}

  /// Fills the database and says how long it took.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws SQLException if the database cannot be reached or has another schema
  public static void main(String[] args) throws SQLException {
    Options options = Options.of(args, DEFAULTS);
    Database database = Database.find(System.getenv(), Path.of(options.text("home")));
    int streams = options.number("streams", 1, 9_999);
    int posts = options.number("posts", 1, 10_000_000);
    long from = System.nanoTime();
    try (Connection connection = database.connect()) {
      boolean filled = fill(connection, streams, posts, options.number("body", 20, 100_000));
      Output.standard()
          .line(
              filled
                  ? "%d streams and %d posts written in %s"
                      .formatted(streams, posts, Output.millis(System.nanoTime() - from))
                  : "%d streams and %d posts are there already".formatted(streams, posts));
    }
  }

  /// Whether anything had to be written.
  static boolean fill(Connection connection, int streams, int posts, int body) throws SQLException {
    if (isFilled(connection, streams, posts)) {
      return false;
    }
    connection.setAutoCommit(false);
    try (Statement remove = connection.createStatement();
        PreparedStatement insertStreams = connection.prepareStatement(STREAMS);
        PreparedStatement insertPosts = connection.prepareStatement(POSTS)) {
      remove.executeUpdate(REMOVE);
      insertStreams.setInt(1, streams);
      insertStreams.executeUpdate();
      insertPosts.setInt(1, streams);
      insertPosts.setInt(2, body);
      insertPosts.setInt(3, posts);
      insertPosts.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("vacuum (analyze) stream, post, post_stream");
    }
    return true;
  }

  private static boolean isFilled(Connection connection, int streams, int posts)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(COUNT)) {
      return row.next() && row.getInt(1) == Math.min(streams, posts) && row.getInt(2) == posts;
    }
  }
}
