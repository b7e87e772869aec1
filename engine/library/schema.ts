/**
 * The first schema. Times are milliseconds since 1970. `number` columns are row ids: what the search index refers to,
 * and the order of creation. Removed videos and conversations stay until they are purged, so that removing can be undone.
 */
export const firstSchema = `
CREATE TABLE videos (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  fingerprint TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  durationSeconds REAL,
  probe TEXT,
  addedAtMs INTEGER NOT NULL,
  removedAtMs INTEGER
) STRICT;

-- A path leads to one video; a video may lie at several.
CREATE TABLE videoPaths (
  path TEXT PRIMARY KEY,
  videoId TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  seenAtMs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX videoPathsByVideo ON videoPaths (videoId);

CREATE TABLE memories (
  id TEXT PRIMARY KEY,
  videoId TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  encoderFingerprint TEXT NOT NULL,
  encoderName TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('exact', 'fast')),
  directory TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('growing', 'complete', 'damaged')),
  frameCount INTEGER NOT NULL CHECK (frameCount >= 0),
  byteLength INTEGER NOT NULL CHECK (byteLength >= 0),
  createdAtMs INTEGER NOT NULL,
  UNIQUE (videoId, encoderFingerprint, mode)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  videoId TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  activeLeafId TEXT REFERENCES messages (id) ON DELETE SET NULL,
  createdAtMs INTEGER NOT NULL,
  updatedAtMs INTEGER NOT NULL,
  removedAtMs INTEGER
) STRICT;
CREATE INDEX conversationsByVideo ON conversations (videoId);
CREATE INDEX conversationsByLeaf ON conversations (activeLeafId);

CREATE TABLE messages (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  conversationId TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  parentId TEXT,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  content TEXT NOT NULL,
  data TEXT,
  createdAtMs INTEGER NOT NULL,
  -- The message whose removal took this one along: restoring that one brings back exactly these.
  removedWithId TEXT,
  removedAtMs INTEGER,
  UNIQUE (id, conversationId),
  -- A parent is a message of the same conversation.
  FOREIGN KEY (parentId, conversationId) REFERENCES messages (id, conversationId) ON DELETE CASCADE
) STRICT;
CREATE INDEX messagesByParent ON messages (conversationId, parentId);
CREATE INDEX messagesByParentAlone ON messages (parentId, conversationId);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  videoId TEXT REFERENCES videos (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
  position REAL NOT NULL,
  stage TEXT,
  done REAL NOT NULL DEFAULT 0,
  total REAL,
  error TEXT,
  data TEXT,
  owner TEXT,
  heartbeatAtMs INTEGER,
  createdAtMs INTEGER NOT NULL,
  updatedAtMs INTEGER NOT NULL
) STRICT;
CREATE INDEX jobsByState ON jobs (state, position);

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
${searchIndex('messages', 'content')}
${searchIndex('conversations', 'title')}
${searchIndex('videos', 'title')}
`;

/** What is said in videos, so that it is found without opening them. Replaced as a whole when a video's subtitles are read. */
export const cuesSchema = `
CREATE TABLE cues (
  number INTEGER PRIMARY KEY,
  videoId TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  startSeconds REAL NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX cuesByVideo ON cues (videoId);
${searchIndex('cues', 'text')}
`;

/**
 * Folders of videos, and questions that were asked of several. A video is in one folder or in none. A part of a survey is a
 * video and, once it was asked, the question in its own conversation.
 */
export const foldersSchema = `
CREATE TABLE folders (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  removedAtMs INTEGER
) STRICT;
CREATE TABLE folderVideos (
  videoId TEXT PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
  folderId TEXT NOT NULL REFERENCES folders (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX folderVideosByFolder ON folderVideos (folderId);

CREATE TABLE surveys (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  question TEXT NOT NULL,
  createdAtMs INTEGER NOT NULL,
  removedAtMs INTEGER
) STRICT;
CREATE TABLE surveyParts (
  surveyId TEXT NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  videoId TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  questionId TEXT REFERENCES messages (id) ON DELETE CASCADE,
  -- Why it could not be asked, as JSON.
  error TEXT,
  PRIMARY KEY (surveyId, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX surveyPartsByVideo ON surveyParts (videoId);
CREATE INDEX surveyPartsByQuestion ON surveyParts (questionId);
${searchIndex('folders', 'name')}
${searchIndex('surveys', 'question')}
`;

/**
 * Chapters that a model made of a video: those that are shown, those that are being made, and those that were removed and
 * can be brought back. A chapter without a title has not been told yet; an empty one has no name.
 */
export const chaptersSchema = `
CREATE TABLE chapterSets (
  id TEXT PRIMARY KEY,
  videoId TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('making', 'complete', 'removed')),
  model TEXT NOT NULL,
  summary TEXT NOT NULL DEFAULT '',
  createdAtMs INTEGER NOT NULL,
  UNIQUE (videoId, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE chapters (
  setId TEXT NOT NULL REFERENCES chapterSets (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  startSeconds REAL NOT NULL,
  endSeconds REAL NOT NULL,
  -- JSON: where each of its clips begins.
  clipStartSeconds TEXT NOT NULL,
  title TEXT,
  text TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (setId, position)
) STRICT, WITHOUT ROWID;
`;

/**
 * A full-text index that holds no copy of the text and is kept by triggers. Trigrams find parts of words, and
 * languages that put no spaces between them.
 */
function searchIndex(table: string, column: string): string {
  const forget = `INSERT INTO ${table}Index (${table}Index, rowid, ${column}) VALUES ('delete', old.number, old.${column});`;
  const add = `INSERT INTO ${table}Index (rowid, ${column}) VALUES (new.number, new.${column});`;
  return `
CREATE VIRTUAL TABLE ${table}Index USING fts5 (
  ${column}, content='${table}', content_rowid='number', tokenize='trigram remove_diacritics 1');
CREATE TRIGGER ${table}Added AFTER INSERT ON ${table} BEGIN ${add} END;
CREATE TRIGGER ${table}Deleted AFTER DELETE ON ${table} BEGIN ${forget} END;
CREATE TRIGGER ${table}Changed AFTER UPDATE OF ${column} ON ${table} BEGIN ${forget} ${add} END;`;
}
