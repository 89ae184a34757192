BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('m004');
CREATE TABLE conversations (
	id VARCHAR(200) NOT NULL, 
	afresh_after INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "conversations" VALUES('c1',0);
CREATE TABLE message_map (
	chat_id BIGINT NOT NULL, 
	message_id BIGINT NOT NULL, 
	topic_id BIGINT, 
	conversation VARCHAR(200) NOT NULL, 
	answer_id VARCHAR(64), 
	by_user BOOLEAN NOT NULL, 
	said_at DATETIME NOT NULL, 
	PRIMARY KEY (chat_id, message_id), 
	FOREIGN KEY(conversation) REFERENCES conversations (id) ON DELETE CASCADE
);
CREATE TABLE reviews (
	answer_id VARCHAR(64) NOT NULL, 
	reason TEXT NOT NULL, 
	reported_by VARCHAR(200) NOT NULL, 
	decision VARCHAR(32), 
	decided_by VARCHAR(200) NOT NULL, 
	note TEXT NOT NULL, 
	decided_at DATETIME, 
	PRIMARY KEY (answer_id), 
	FOREIGN KEY(answer_id) REFERENCES turns (answer_id) ON DELETE CASCADE
);
INSERT INTO "reviews" VALUES('58bb5525ab2f','Doubtful.','',NULL,'','',NULL);
CREATE TABLE spending (
	user VARCHAR(200) NOT NULL, 
	day DATE NOT NULL, 
	tokens BIGINT NOT NULL, 
	PRIMARY KEY (user, day)
);
CREATE TABLE turns (
	answer_id VARCHAR(64) NOT NULL, 
	conversation VARCHAR(200) NOT NULL, 
	number INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	standalone_question TEXT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	reply JSON NOT NULL, 
	PRIMARY KEY (answer_id), 
	CONSTRAINT turns_numbered_once UNIQUE (conversation, number), 
	FOREIGN KEY(conversation) REFERENCES conversations (id) ON DELETE CASCADE
);
INSERT INTO "turns" VALUES('58bb5525ab2f','c1',1,'What is the dose of rituximab in JDM?','What is the dose of rituximab in JDM?','answer','2026-11-22 16:34:12.819435','2026-11-22 16:34:13.756359','{"format": 1, "conversation": "c1", "turn": 1, "question": "What is the dose of rituximab in JDM?", "standalone_question": "What is the dose of rituximab in JDM?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": []}, "provenance": {"answer_id": "58bb5525ab2f", "model": "extractive", "prompts": {"wording/en": "sha256:87320d4173fe7d3f29aa2f1d473af704298da33ee5b6b5e505b2031b85b3030b"}, "knowledge": "5f4b242fb9332dfaad3dafde888b76caf7b452a276750c0f8bbe3eb9fc589c7a", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6981}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.3009}]}, "timings_ms": {"triage": 103.3453060008469, "contextualize": 396.3080039975466, "retrieve": 87.8576930044801, "assess": 37.3888670001179, "compose": 126.55672900291393, "verify": 0.02079099795082584, "conclude": 0.20802899962291121, "total": 849.0794800018193}}');
INSERT INTO "turns" VALUES('72bef7d80d86','c1',2,'and how often is it given?','And how often is rituximab given?','answer','2026-11-22 16:34:13.762816','2026-11-22 16:34:13.931778','{"format": 1, "conversation": "c1", "turn": 2, "question": "and how often is it given?", "standalone_question": "And how often is rituximab given?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": []}, "provenance": {"answer_id": "72bef7d80d86", "model": "extractive", "prompts": {"wording/en": "sha256:87320d4173fe7d3f29aa2f1d473af704298da33ee5b6b5e505b2031b85b3030b"}, "knowledge": "5f4b242fb9332dfaad3dafde888b76caf7b452a276750c0f8bbe3eb9fc589c7a", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.7075}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.35}]}, "timings_ms": {"triage": 3.0369779997272417, "contextualize": 2.936452998255845, "retrieve": 129.02204399870243, "assess": 1.4619390058214776, "compose": 1.0271909995935857, "verify": 0.012559001334011555, "conclude": 0.14249100058805197, "total": 166.77550599706592}}');
CREATE INDEX message_map_conversation ON message_map (conversation);
CREATE INDEX spending_day ON spending (day);
CREATE INDEX reviews_decision ON reviews (decision);
COMMIT;
