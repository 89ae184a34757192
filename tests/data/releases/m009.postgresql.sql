SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.conversations (
    id character varying(200) NOT NULL,
    afresh_after integer NOT NULL
);
CREATE TABLE public.erasures (
    "user" character varying(200) NOT NULL,
    chat character varying(200) NOT NULL,
    scope character varying(200) NOT NULL,
    erased_at timestamp with time zone NOT NULL
);
CREATE TABLE public.feedback (
    answer_id character varying(64) NOT NULL,
    "user" character varying(200) NOT NULL,
    vote integer NOT NULL,
    reason character varying(64) NOT NULL,
    comment text NOT NULL,
    given_at timestamp with time zone NOT NULL
);
CREATE TABLE public.hash_key (
    key_check character varying(64) NOT NULL
);
CREATE TABLE public.inbox (
    id bigint NOT NULL,
    sequence bigint NOT NULL,
    kind character varying(32) NOT NULL,
    lane character varying(200) NOT NULL,
    chat bigint NOT NULL,
    "user" character varying(200) NOT NULL,
    message bigint,
    payload text NOT NULL,
    answer_id character varying(64) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    not_before timestamp with time zone,
    state character varying(32) NOT NULL,
    attempts integer NOT NULL,
    leased_by character varying(200),
    leased_until timestamp with time zone,
    shown json NOT NULL,
    reason character varying(64) NOT NULL,
    forgotten boolean DEFAULT false NOT NULL
);
CREATE TABLE public.message_map (
    chat_id bigint NOT NULL,
    message_id bigint NOT NULL,
    topic_id bigint,
    conversation character varying(200) NOT NULL,
    answer_id character varying(64),
    by_user boolean NOT NULL,
    said_at timestamp with time zone NOT NULL,
    purpose character varying(32) DEFAULT ''::character varying NOT NULL,
    "user" character varying(200)
);
CREATE TABLE public.readers (
    scope character varying(200) NOT NULL,
    audience character varying(32) NOT NULL,
    chosen_at timestamp with time zone NOT NULL
);
CREATE TABLE public.reviews (
    answer_id character varying(64) NOT NULL,
    reason text NOT NULL,
    reported_by character varying(200) NOT NULL,
    decision character varying(32),
    decided_by character varying(200) NOT NULL,
    note text NOT NULL,
    decided_at timestamp with time zone
);
CREATE TABLE public.spending (
    "user" character varying(200) NOT NULL,
    day date NOT NULL,
    tokens bigint NOT NULL
);
CREATE TABLE public.turns (
    answer_id character varying(64) NOT NULL,
    conversation character varying(200) NOT NULL,
    number integer NOT NULL,
    question text NOT NULL,
    standalone_question text NOT NULL,
    kind character varying(32) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reply json NOT NULL,
    "user" character varying(200)
);
INSERT INTO public.alembic_version VALUES ('m009');
INSERT INTO public.conversations VALUES ('c1', 0);
INSERT INTO public.conversations VALUES ('telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102', 0);
INSERT INTO public.erasures VALUES ('telegram:#7004a81e3ffd05aec062abfeda8ec610', 'telegram:#7004a81e3ffd05aec062abfeda8ec610', 'chat:#286a8ea556153f4b4a1ba7236f675833', '2026-11-22 23:22:32.903289+00');
INSERT INTO public.hash_key VALUES ('b3bfd83a4372d060561474024f4877b0');
INSERT INTO public.inbox VALUES (70002, 1, 'question', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9', 5, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9', 102, '', '6aad1320e5b28878d449a730', '2026-11-22 23:22:33.182128+00', NULL, 'done', 1, NULL, NULL, '[103]', 'settled', false);
INSERT INTO public.inbox VALUES (70003, 2, 'question', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9', 5, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9', 104, '{"message": {"channel_chat_created": false, "delete_chat_photo": false, "group_chat_created": false, "supergroup_chat_created": false, "text": "How often is rituximab given to children with JDM?", "chat": {"first_name": "", "id": 5, "type": "private"}, "date": 1790000000, "message_id": 104, "from": {"first_name": "", "id": 5, "is_bot": false}}, "update_id": 70003}', 'af2a9e9d26c48ec5189038d2', '2026-11-22 23:22:33.886679+00', NULL, 'new', 0, 'vm/30665/05084e18', '2026-11-22 23:22:38.90516+00', '[]', '', false);
INSERT INTO public.message_map VALUES (5, 102, NULL, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102', '6aad1320e5b28878d449a730', true, '2026-11-22 23:22:33.723929+00', '', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO public.message_map VALUES (5, 103, NULL, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102', '6aad1320e5b28878d449a730', false, '2026-11-22 23:22:33.723929+00', '', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO public.message_map VALUES (5, 104, NULL, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102', NULL, true, '2026-11-22 23:22:33.803024+00', '', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO public.reviews VALUES ('d82b4c74a758', 'Doubtful.', '', NULL, '', '', NULL);
INSERT INTO public.turns VALUES ('d82b4c74a758', 'c1', 1, 'What is the dose of rituximab in JDM?', 'What is the dose of rituximab in JDM?', 'answer', '2026-11-22 23:22:16.15059+00', '2026-11-22 23:22:16.604347+00', '{"format": 1, "conversation": "c1", "turn": 1, "question": "What is the dose of rituximab in JDM?", "standalone_question": "What is the dose of rituximab in JDM?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "d82b4c74a758", "model": "extractive", "prompts": {"wording/en": "sha256:a2ed4e137b119f2db590ddb6a5561174605097d3e8f508e031bffd224d2035ef"}, "knowledge": "80edb12a958f27a60867d8030fc3b2df4e3998e115d5cb389ef5d10dedb555d9", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6981}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.3009}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 266.6547690023435, "contextualize": 23.944517990457825, "retrieve": 7.4306229944340885, "assess": 13.397810005699284, "compose": 42.556158994557336, "verify": 0.05632400279864669, "conclude": 0.37976200110279024, "total": 417.2842660045717}}', NULL);
INSERT INTO public.turns VALUES ('fa9512934f65', 'c1', 2, 'and how often is it given?', 'And how often is rituximab given?', 'answer', '2026-11-22 23:22:16.610734+00', '2026-11-22 23:22:16.77193+00', '{"format": 1, "conversation": "c1", "turn": 2, "question": "and how often is it given?", "standalone_question": "And how often is rituximab given?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "fa9512934f65", "model": "extractive", "prompts": {"wording/en": "sha256:a2ed4e137b119f2db590ddb6a5561174605097d3e8f508e031bffd224d2035ef"}, "knowledge": "80edb12a958f27a60867d8030fc3b2df4e3998e115d5cb389ef5d10dedb555d9", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.7075}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.35}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 33.834643007139675, "contextualize": 2.454353991197422, "retrieve": 66.20865300646983, "assess": 11.131063001812436, "compose": 0.45999100257176906, "verify": 0.03120600013062358, "conclude": 0.3522409970173612, "total": 141.76892500836402}}', NULL);
INSERT INTO public.turns VALUES ('6aad1320e5b28878d449a730', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102', 1, 'What is the dose of rituximab?', 'What is the dose of rituximab?', 'answer', '2026-11-22 23:22:33.35066+00', '2026-11-22 23:22:33.565594+00', '{"format": 1, "conversation": "telegram:#89a9effd37e37175cbc825f9bcfd8fc9:102", "turn": 1, "question": "What is the dose of rituximab?", "standalone_question": "What is the dose of rituximab?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["This answer comes late, because Footnote was not running when your message arrived. If things have changed since then, please ask again; for an emergency call your local emergency number.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents, not medical advice; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "6aad1320e5b28878d449a730", "model": "extractive", "prompts": {"wording/en": "sha256:a2ed4e137b119f2db590ddb6a5561174605097d3e8f508e031bffd224d2035ef"}, "knowledge": "80edb12a958f27a60867d8030fc3b2df4e3998e115d5cb389ef5d10dedb555d9", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6759}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.5998}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 48.224482001387514, "contextualize": 22.776568002882414, "retrieve": 20.9956710023107, "assess": 15.007353009423241, "compose": 38.759506001952104, "verify": 0.07387000368908048, "conclude": 0.22436199651565403, "total": 199.47794200561475}}', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY ("user");
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT feedback_pkey PRIMARY KEY (answer_id, "user");
ALTER TABLE ONLY public.hash_key
    ADD CONSTRAINT hash_key_pkey PRIMARY KEY (key_check);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_sequence_key UNIQUE (sequence);
ALTER TABLE ONLY public.message_map
    ADD CONSTRAINT message_map_pkey PRIMARY KEY (chat_id, message_id);
ALTER TABLE ONLY public.readers
    ADD CONSTRAINT readers_pkey PRIMARY KEY (scope);
ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (answer_id);
ALTER TABLE ONLY public.spending
    ADD CONSTRAINT spending_pkey PRIMARY KEY ("user", day);
ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_numbered_once UNIQUE (conversation, number);
ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_pkey PRIMARY KEY (answer_id);
CREATE INDEX erasures_erased_at ON public.erasures USING btree (erased_at);
CREATE INDEX feedback_given_at ON public.feedback USING btree (given_at);
CREATE INDEX feedback_user ON public.feedback USING btree ("user");
CREATE INDEX inbox_chat ON public.inbox USING btree (chat, received_at);
CREATE INDEX inbox_lanes ON public.inbox USING btree (state, lane, sequence);
CREATE INDEX inbox_user ON public.inbox USING btree ("user", received_at);
CREATE INDEX message_map_answer ON public.message_map USING btree (answer_id);
CREATE INDEX message_map_conversation ON public.message_map USING btree (conversation);
CREATE INDEX message_map_user ON public.message_map USING btree ("user");
CREATE INDEX reviews_decision ON public.reviews USING btree (decision);
CREATE INDEX spending_day ON public.spending USING btree (day);
CREATE INDEX turns_asked_at ON public.turns USING btree (asked_at);
CREATE INDEX turns_user ON public.turns USING btree ("user");
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT feedback_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES public.turns(answer_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.message_map
    ADD CONSTRAINT message_map_conversation_fkey FOREIGN KEY (conversation) REFERENCES public.conversations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES public.turns(answer_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_conversation_fkey FOREIGN KEY (conversation) REFERENCES public.conversations(id) ON DELETE CASCADE;
