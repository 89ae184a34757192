BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('m001');
CREATE TABLE conversations (
	id VARCHAR(200) NOT NULL, 
	afresh_after INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "conversations" VALUES('c1',0);
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
INSERT INTO "turns" VALUES('db0ed1d1985c','c1',1,'What is the dose of rituximab in JDM?','What is the dose of rituximab in JDM?','answer','2026-11-22 16:36:41.681239','2026-11-22 16:36:42.087460','{"format": 1, "conversation": "c1", "turn": 1, "question": "What is the dose of rituximab in JDM?", "standalone_question": "What is the dose of rituximab in JDM?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4"}], "notices": ["Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": []}, "provenance": {"answer_id": "db0ed1d1985c", "model": "extractive", "prompts": {"wording/en": "sha256:5bd31748f418f297203509f04e1f3b1acad21edde0739c24471ac11dc840065e"}, "knowledge": "e7e50c10303c86a2c023a1f4bf68675311e23074459d4dd4bdafe7598c59bd49", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.7009}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.3001}]}, "timings_ms": {"triage": 113.67977999907453, "retrieve": 262.70700299937744, "assess": 3.656685003079474, "compose": 0.3881049997289665, "verify": 2.2410579986171797, "conclude": 0.11329799599479884, "total": 402.20766499987803}}');
INSERT INTO "turns" VALUES('35bec576edcd','c1',2,'and how often is it given?','and how often is it given?','abstention','2026-11-22 16:36:42.111581','2026-11-22 16:36:42.161339','{"format": 1, "conversation": "c1", "turn": 2, "question": "and how often is it given?", "standalone_question": "and how often is it given?", "outcome": {"type": "abstention", "text": "The library does not contain an answer to this question, so I am not giving one.", "nearest": ["Rituximab"], "notices": ["Review status: this reply uses no source."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "suggested_questions": []}, "provenance": {"answer_id": "35bec576edcd", "model": "extractive", "prompts": {"wording/en": "sha256:5bd31748f418f297203509f04e1f3b1acad21edde0739c24471ac11dc840065e"}, "knowledge": "e7e50c10303c86a2c023a1f4bf68675311e23074459d4dd4bdafe7598c59bd49", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.1585}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.0735}]}, "timings_ms": {"triage": 5.46996999764815, "retrieve": 30.91142400080571, "assess": 1.7912219991558231, "conclude": 0.039989005017559975, "total": 47.62603499693796}}');
COMMIT;
