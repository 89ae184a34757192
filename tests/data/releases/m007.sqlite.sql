BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('m007');
CREATE TABLE conversations (
	id VARCHAR(200) NOT NULL, 
	afresh_after INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "conversations" VALUES('c1',0);
INSERT INTO "conversations" VALUES('telegram:5:100',0);
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
	reason VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (sequence)
);
INSERT INTO "inbox" VALUES(70000,1,'question','telegram:5',5,'telegram:5',100,'','ae1acd6e76f6','2026-11-22 16:40:21.050378',NULL,'done',1,NULL,NULL,'[101]','');
INSERT INTO "inbox" VALUES(70001,2,'question','telegram:5',5,'telegram:5',102,'{"message": {"channel_chat_created": false, "delete_chat_photo": false, "group_chat_created": false, "supergroup_chat_created": false, "text": "How often is rituximab given to children with JDM?", "chat": {"first_name": "Ada", "id": 5, "type": "private"}, "date": 1790000000, "message_id": 102, "from": {"first_name": "Ada", "id": 5, "is_bot": false}}, "update_id": 70001}','38fce61d7aee','2026-11-22 16:40:22.024329',NULL,'new',1,'vm/16077/af97862b','2026-11-22 16:41:22.034344','[]','');
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
INSERT INTO "message_map" VALUES(5,100,NULL,'telegram:5:100','ae1acd6e76f6',1,'2026-11-22 16:40:22.017425','','telegram:5');
INSERT INTO "message_map" VALUES(5,101,NULL,'telegram:5:100','ae1acd6e76f6',0,'2026-11-22 16:40:22.017425','','telegram:5');
INSERT INTO "message_map" VALUES(5,102,NULL,'telegram:5:100',NULL,1,'2026-11-22 16:40:22.023106','','telegram:5');
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
INSERT INTO "reviews" VALUES('46ff44846082','Doubtful.','',NULL,'','',NULL);
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
INSERT INTO "turns" VALUES('46ff44846082','c1',1,'What is the dose of rituximab in JDM?','What is the dose of rituximab in JDM?','answer','2026-11-22 16:40:08.372176','2026-11-22 16:40:08.634214','{"format": 1, "conversation": "c1", "turn": 1, "question": "What is the dose of rituximab in JDM?", "standalone_question": "What is the dose of rituximab in JDM?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "46ff44846082", "model": "extractive", "prompts": {"wording/en": "sha256:8fe99c5b5da9ceb05a6c9c694224c51b878d8b5df5a5d89bc7de93ea4f1c5281"}, "knowledge": "5f4b242fb9332dfaad3dafde888b76caf7b452a276750c0f8bbe3eb9fc589c7a", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6981}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.3009}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 25.682921994302887, "contextualize": 145.88613199885003, "retrieve": 31.352938000054564, "assess": 10.59636100399075, "compose": 20.469782000873238, "verify": 0.01817700103856623, "conclude": 0.3010159998666495, "total": 259.5539439935237}}',NULL);
INSERT INTO "turns" VALUES('561199f7b6fb','c1',2,'and how often is it given?','And how often is rituximab given?','answer','2026-11-22 16:40:08.635441','2026-11-22 16:40:08.675148','{"format": 1, "conversation": "c1", "turn": 2, "question": "and how often is it given?", "standalone_question": "And how often is rituximab given?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "561199f7b6fb", "model": "extractive", "prompts": {"wording/en": "sha256:8fe99c5b5da9ceb05a6c9c694224c51b878d8b5df5a5d89bc7de93ea4f1c5281"}, "knowledge": "5f4b242fb9332dfaad3dafde888b76caf7b452a276750c0f8bbe3eb9fc589c7a", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.7075}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.35}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 1.514021998445969, "contextualize": 0.8210460000555031, "retrieve": 28.098979004425928, "assess": 1.030105006066151, "compose": 0.9731609970913269, "verify": 0.01432200224371627, "conclude": 0.2051639967248775, "total": 38.41500599810388}}',NULL);
INSERT INTO "turns" VALUES('ae1acd6e76f6','telegram:5:100',1,'What is the dose of rituximab?','What is the dose of rituximab?','abstention','2026-11-22 16:40:21.101743','2026-11-22 16:40:22.007476','{"format": 1, "conversation": "telegram:5:100", "turn": 1, "question": "What is the dose of rituximab?", "standalone_question": "What is the dose of rituximab?", "outcome": {"type": "abstention", "text": "I found no statement in the library that answers this question, so I am not giving an answer. The library may not contain one; you could also ask in other words.", "nearest": ["Rituximab"], "notices": ["This answer comes late, because Footnote was not running when your message arrived. If things have changed since then, please ask again; for an emergency call your local emergency number.", "Review status: this reply uses no source."], "disclaimer": "Information from the cited documents, not medical advice; the treating team decides.", "withheld": 0, "suggested_questions": []}, "provenance": {"answer_id": "ae1acd6e76f6", "model": "extractive", "prompts": {"wording/en": "sha256:8fe99c5b5da9ceb05a6c9c694224c51b878d8b5df5a5d89bc7de93ea4f1c5281"}, "knowledge": "5f4b242fb9332dfaad3dafde888b76caf7b452a276750c0f8bbe3eb9fc589c7a", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6759}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.5998}], "models": {}, "checked": []}, "timings_ms": {"triage": 14.17192599910777, "contextualize": 789.916109002661, "retrieve": 61.58674899779726, "assess": 16.72086100006709, "conclude": 0.04850200639339164, "total": 903.77555500163}}','telegram:5');
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
