BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('m009');
CREATE TABLE conversations (
	id VARCHAR(200) NOT NULL, 
	afresh_after INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "conversations" VALUES('c1',0);
INSERT INTO "conversations" VALUES('telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102',0);
CREATE TABLE erasures (
	user VARCHAR(200) NOT NULL, 
	chat VARCHAR(200) NOT NULL, 
	scope VARCHAR(200) NOT NULL, 
	erased_at DATETIME NOT NULL, 
	PRIMARY KEY (user)
);
INSERT INTO "erasures" VALUES('telegram:#7004a81e3ffd05aec062abfeda8ec610','telegram:#7004a81e3ffd05aec062abfeda8ec610','chat:#286a8ea556153f4b4a1ba7236f675833','2026-11-22 23:22:01.933646');
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
INSERT INTO "inbox" VALUES(70002,1,'question','telegram:#89a9effd37e37175cbc825f9bcfd8fc9',5,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9',102,'','698b9f78c547e24127750cb3','2026-11-22 23:22:02.081417',NULL,'done',1,NULL,NULL,'[103]','settled',0);
INSERT INTO "inbox" VALUES(70003,2,'question','telegram:#89a9effd37e37175cbc825f9bcfd8fc9',5,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9',104,'{"message": {"channel_chat_created": false, "delete_chat_photo": false, "group_chat_created": false, "supergroup_chat_created": false, "text": "How often is rituximab given to children with JDM?", "chat": {"first_name": "", "id": 5, "type": "private"}, "date": 1790000000, "message_id": 104, "from": {"first_name": "", "id": 5, "is_bot": false}}, "update_id": 70003}','ba466acffdb8676fe1bbe809','2026-11-22 23:22:02.533780',NULL,'new',1,'vm/30049/1ddb4331','2026-11-22 23:23:02.571191','[]','',0);
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
INSERT INTO "message_map" VALUES(5,102,NULL,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102','698b9f78c547e24127750cb3',1,'2026-11-22 23:22:02.530263','','telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO "message_map" VALUES(5,103,NULL,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102','698b9f78c547e24127750cb3',0,'2026-11-22 23:22:02.530263','','telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO "message_map" VALUES(5,104,NULL,'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102',NULL,1,'2026-11-22 23:22:02.533468','','telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
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
INSERT INTO "reviews" VALUES('e7a4fa48e8e7','Doubtful.','',NULL,'','',NULL);
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
INSERT INTO "turns" VALUES('e7a4fa48e8e7','c1',1,'What is the dose of rituximab in JDM?','What is the dose of rituximab in JDM?','answer','2026-11-22 23:21:48.790833','2026-11-22 23:21:49.074301','{"format": 1, "conversation": "c1", "turn": 1, "question": "What is the dose of rituximab in JDM?", "standalone_question": "What is the dose of rituximab in JDM?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "e7a4fa48e8e7", "model": "extractive", "prompts": {"wording/en": "sha256:a2ed4e137b119f2db590ddb6a5561174605097d3e8f508e031bffd224d2035ef"}, "knowledge": "80edb12a958f27a60867d8030fc3b2df4e3998e115d5cb389ef5d10dedb555d9", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6981}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.3009}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 67.29174799693283, "contextualize": 16.497789998538792, "retrieve": 16.981536988168955, "assess": 63.278154004365206, "compose": 77.28030900761951, "verify": 0.05867700383532792, "conclude": 0.3816149983322248, "total": 281.3833899999736}}',NULL);
INSERT INTO "turns" VALUES('bc2e0949c4f5','c1',2,'and how often is it given?','And how often is rituximab given?','answer','2026-11-22 23:21:49.076947','2026-11-22 23:21:49.115808','{"format": 1, "conversation": "c1", "turn": 2, "question": "and how often is it given?", "standalone_question": "And how often is rituximab given?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "bc2e0949c4f5", "model": "extractive", "prompts": {"wording/en": "sha256:a2ed4e137b119f2db590ddb6a5561174605097d3e8f508e031bffd224d2035ef"}, "knowledge": "80edb12a958f27a60867d8030fc3b2df4e3998e115d5cb389ef5d10dedb555d9", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.7075}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.35}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 7.764217996736988, "contextualize": 0.9537120058666915, "retrieve": 23.82075499917846, "assess": 0.677263000397943, "compose": 0.41128898737952113, "verify": 0.02654900890775025, "conclude": 0.2453940105624497, "total": 38.19975799706299}}',NULL);
INSERT INTO "turns" VALUES('698b9f78c547e24127750cb3','telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102',1,'What is the dose of rituximab?','What is the dose of rituximab?','answer','2026-11-22 23:22:02.152439','2026-11-22 23:22:02.508121','{"format": 1, "conversation": "telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102", "turn": 1, "question": "What is the dose of rituximab?", "standalone_question": "What is the dose of rituximab?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["This answer comes late, because Footnote was not running when your message arrived. If things have changed since then, please ask again; for an emergency call your local emergency number.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents, not medical advice; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "698b9f78c547e24127750cb3", "model": "extractive", "prompts": {"wording/en": "sha256:a2ed4e137b119f2db590ddb6a5561174605097d3e8f508e031bffd224d2035ef"}, "knowledge": "80edb12a958f27a60867d8030fc3b2df4e3998e115d5cb389ef5d10dedb555d9", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6759}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.5998}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 24.61620200483594, "contextualize": 69.55825399199966, "retrieve": 37.613869993947446, "assess": 112.71084599138703, "compose": 55.54444198787678, "verify": 0.06497600406873971, "conclude": 0.21014100639149547, "total": 354.25953699450474}}','telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
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
CREATE INDEX erasures_erased_at ON erasures (erased_at);
COMMIT;
