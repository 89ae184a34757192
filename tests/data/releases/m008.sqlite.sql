BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('m008');
CREATE TABLE conversations (
	id VARCHAR(200) NOT NULL, 
	afresh_after INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "conversations" VALUES('c1',0);
INSERT INTO "conversations" VALUES('telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100',0);
CREATE TABLE feedback (
	answer_id VARCHAR(64) NOT NULL, 
	user VARCHAR(200) NOT NULL, 
	vote INTEGER NOT NULL, 
	reason VARCHAR(64) NOT NULL, 
	comment TEXT NOT NULL, 
	given_at DATETIME NOT NULL, 
	PRIMARY KEY (answer_id, user), 
	FOREIGN KEY(answer_id) REFERENCES turns (answer_id) ON DELETE CASCADE
);
CREATE TABLE hash_key (
	key_check VARCHAR(64) NOT NULL, 
	PRIMARY KEY (key_check)
);
INSERT INTO "hash_key" VALUES('b3bfd83a4372d060561474024f4877b0');
CREATE TABLE inbox (
	id BIGINT NOT NULL, 
	sequence BIGINT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	lane VARCHAR(200) NOT NULL, 
	chat BIGINT NOT NULL, 
	user VARCHAR(200) NOT NULL, 
	message BIGINT, 
	payload TEXT NOT NULL, 
	answer_id VARCHAR(64) NOT NULL, 
	received_at DATETIME NOT NULL, 
	not_before DATETIME, 
	state VARCHAR(32) NOT NULL, 
	attempts INTEGER NOT NULL, 
	leased_by VARCHAR(200), 
	leased_until DATETIME, 
	shown JSON NOT NULL, 
	reason VARCHAR(64) NOT NULL, forgotten BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (sequence)
);
INSERT INTO "inbox" VALUES(70000,1,'question','telegram:#89a9effd37e37175cbc825f9bcfd8fc9',5,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9',100,'','f9dd2a371367530bedbf257a','2026-11-22 16:35:15.890552',NULL,'done',1,NULL,NULL,'[101]','',0);
INSERT INTO "inbox" VALUES(70001,2,'question','telegram:#89a9effd37e37175cbc825f9bcfd8fc9',5,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9',102,'{"message": {"channel_chat_created": false, "delete_chat_photo": false, "group_chat_created": false, "supergroup_chat_created": false, "text": "How often is rituximab given to children with JDM?", "chat": {"first_name": "", "id": 5, "type": "private"}, "date": 1790000000, "message_id": 102, "from": {"first_name": "", "id": 5, "is_bot": false}}, "update_id": 70001}','4d98bf637a2b876c6ce5cfc8','2026-11-22 16:35:17.325769',NULL,'new',1,'vm/12212/0b8afe80','2026-11-22 16:36:17.395930','[]','',0);
CREATE TABLE message_map (
	chat_id BIGINT NOT NULL, 
	message_id BIGINT NOT NULL, 
	topic_id BIGINT, 
	conversation VARCHAR(200) NOT NULL, 
	answer_id VARCHAR(64), 
	by_user BOOLEAN NOT NULL, 
	said_at DATETIME NOT NULL, purpose VARCHAR(32) DEFAULT '' NOT NULL, user VARCHAR(200), 
	PRIMARY KEY (chat_id, message_id), 
	FOREIGN KEY(conversation) REFERENCES conversations (id) ON DELETE CASCADE
);
INSERT INTO "message_map" VALUES(5,100,NULL,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100','f9dd2a371367530bedbf257a',1,'2026-11-22 16:35:17.264174','','telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO "message_map" VALUES(5,101,NULL,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100','f9dd2a371367530bedbf257a',0,'2026-11-22 16:35:17.264174','','telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO "message_map" VALUES(5,102,NULL,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100',NULL,1,'2026-11-22 16:35:17.324858','','telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
CREATE TABLE readers (
	scope VARCHAR(200) NOT NULL, 
	audience VARCHAR(32) NOT NULL, 
	chosen_at DATETIME NOT NULL, 
	PRIMARY KEY (scope)
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
INSERT INTO "reviews" VALUES('d8f4f2488073','Doubtful.','',NULL,'','',NULL);
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
	reply JSON NOT NULL, user VARCHAR(200), 
	PRIMARY KEY (answer_id), 
	CONSTRAINT turns_numbered_once UNIQUE (conversation, number), 
	FOREIGN KEY(conversation) REFERENCES conversations (id) ON DELETE CASCADE
);
INSERT INTO "turns" VALUES('d8f4f2488073','c1',1,'What is the dose of rituximab in JDM?','What is the dose of rituximab in JDM?','answer','2026-11-22 16:34:48.267397','2026-11-22 16:34:48.952294','{"format": 1, "conversation": "c1", "turn": 1, "question": "What is the dose of rituximab in JDM?", "standalone_question": "What is the dose of rituximab in JDM?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "d8f4f2488073", "model": "extractive", "prompts": {"wording/en": "sha256:2cf63d2c19379e852cc3636ff375071a64f73fba4737fdf8acc856de8465fc61"}, "knowledge": "dc7a8acd97ccc3881cbcfc78c7c77430f2f33a9d248dd38167e1ff65fd52591c", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6981}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.3009}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 123.27840400394052, "contextualize": 226.71995300333947, "retrieve": 24.04394499899354, "assess": 32.68173599644797, "compose": 148.9437300042482, "verify": 0.034560995118226856, "conclude": 0.4114990006200969, "total": 681.692969003052}}',NULL);
INSERT INTO "turns" VALUES('8c58c58821ef','c1',2,'and how often is it given?','And how often is rituximab given?','answer','2026-11-22 16:34:48.958990','2026-11-22 16:34:49.148799','{"format": 1, "conversation": "c1", "turn": 2, "question": "and how often is it given?", "standalone_question": "And how often is rituximab given?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "8c58c58821ef", "model": "extractive", "prompts": {"wording/en": "sha256:2cf63d2c19379e852cc3636ff375071a64f73fba4737fdf8acc856de8465fc61"}, "knowledge": "dc7a8acd97ccc3881cbcfc78c7c77430f2f33a9d248dd38167e1ff65fd52591c", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.7075}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.35}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 55.37226600426948, "contextualize": 1.2761089965351857, "retrieve": 112.81079399486771, "assess": 1.1175749968970194, "compose": 1.0668700051610358, "verify": 0.0169749982887879, "conclude": 0.24029600172070786, "total": 188.44727700343356}}',NULL);
INSERT INTO "turns" VALUES('f9dd2a371367530bedbf257a','telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100',1,'What is the dose of rituximab?','What is the dose of rituximab?','answer','2026-11-22 16:35:15.989487','2026-11-22 16:35:17.244830','{"format": 1, "conversation": "telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100", "turn": 1, "question": "What is the dose of rituximab?", "standalone_question": "What is the dose of rituximab?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["This answer comes late, because Footnote was not running when your message arrived. If things have changed since then, please ask again; for an emergency call your local emergency number.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents, not medical advice; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "f9dd2a371367530bedbf257a", "model": "extractive", "prompts": {"wording/en": "sha256:2cf63d2c19379e852cc3636ff375071a64f73fba4737fdf8acc856de8465fc61"}, "knowledge": "dc7a8acd97ccc3881cbcfc78c7c77430f2f33a9d248dd38167e1ff65fd52591c", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6759}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.5998}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 788.7085059992387, "contextualize": 132.10602600156562, "retrieve": 36.972169000364374, "assess": 64.85444900317816, "compose": 124.84644600044703, "verify": 0.029904003895353526, "conclude": 0.19945500389439985, "total": 1253.264072998718}}','telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
CREATE INDEX message_map_conversation ON message_map (conversation);
CREATE INDEX spending_day ON spending (day);
CREATE INDEX reviews_decision ON reviews (decision);
CREATE INDEX inbox_lanes ON inbox (state, lane, sequence);
CREATE INDEX inbox_user ON inbox (user, received_at);
CREATE INDEX inbox_chat ON inbox (chat, received_at);
CREATE INDEX feedback_given_at ON feedback (given_at);
CREATE INDEX feedback_user ON feedback (user);
CREATE INDEX turns_user ON turns (user);
CREATE INDEX turns_asked_at ON turns (asked_at);
CREATE INDEX message_map_answer ON message_map (answer_id);
CREATE INDEX message_map_user ON message_map (user);
COMMIT;
