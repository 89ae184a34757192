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
INSERT INTO public.alembic_version VALUES ('m008');
INSERT INTO public.conversations VALUES ('c1', 0);
INSERT INTO public.conversations VALUES ('telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100', 0);
INSERT INTO public.hash_key VALUES ('b3bfd83a4372d060561474024f4877b0');
INSERT INTO public.inbox VALUES (70000, 1, 'question', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9', 5, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9', 100, '', '5c1049aa09f2542f23161bdd', '2026-11-22 16:36:03.553568+00', NULL, 'done', 1, NULL, NULL, '[101]', '', false);
INSERT INTO public.inbox VALUES (70001, 2, 'question', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9', 5, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9', 102, '{"message": {"channel_chat_created": false, "delete_chat_photo": false, "group_chat_created": false, "supergroup_chat_created": false, "text": "How often is rituximab given to children with JDM?", "chat": {"first_name": "", "id": 5, "type": "private"}, "date": 1790000000, "message_id": 102, "from": {"first_name": "", "id": 5, "is_bot": false}}, "update_id": 70001}', '238444ab55889ef946444ecb', '2026-11-22 16:36:05.875602+00', NULL, 'new', 0, NULL, NULL, '[]', '', false);
INSERT INTO public.message_map VALUES (5, 100, NULL, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100', '5c1049aa09f2542f23161bdd', true, '2026-11-22 16:36:05.811294+00', '', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO public.message_map VALUES (5, 101, NULL, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100', '5c1049aa09f2542f23161bdd', false, '2026-11-22 16:36:05.811294+00', '', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO public.message_map VALUES (5, 102, NULL, 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100', NULL, true, '2026-11-22 16:36:05.86638+00', '', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
INSERT INTO public.reviews VALUES ('713a33e7eb14', 'Doubtful.', '', NULL, '', '', NULL);
INSERT INTO public.turns VALUES ('713a33e7eb14', 'c1', 1, 'What is the dose of rituximab in JDM?', 'What is the dose of rituximab in JDM?', 'answer', '2026-11-22 16:35:40.010762+00', '2026-11-22 16:35:41.258956+00', '{"format": 1, "conversation": "c1", "turn": 1, "question": "What is the dose of rituximab in JDM?", "standalone_question": "What is the dose of rituximab in JDM?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "713a33e7eb14", "model": "extractive", "prompts": {"wording/en": "sha256:2cf63d2c19379e852cc3636ff375071a64f73fba4737fdf8acc856de8465fc61"}, "knowledge": "dc7a8acd97ccc3881cbcfc78c7c77430f2f33a9d248dd38167e1ff65fd52591c", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6981}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.3009}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 940.3603719983948, "contextualize": 114.62405899510486, "retrieve": 22.851178000564687, "assess": 12.725585002044681, "compose": 87.33123300044099, "verify": 0.03693500184454024, "conclude": 0.4695650059147738, "total": 1210.7890400002361}}', NULL);
INSERT INTO public.turns VALUES ('5529bca7c0f5', 'c1', 2, 'and how often is it given?', 'And how often is rituximab given?', 'answer', '2026-11-22 16:35:41.276343+00', '2026-11-22 16:35:41.391252+00', '{"format": 1, "conversation": "c1", "turn": 2, "question": "and how often is it given?", "standalone_question": "And how often is rituximab given?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "5529bca7c0f5", "model": "extractive", "prompts": {"wording/en": "sha256:2cf63d2c19379e852cc3636ff375071a64f73fba4737fdf8acc856de8465fc61"}, "knowledge": "dc7a8acd97ccc3881cbcfc78c7c77430f2f33a9d248dd38167e1ff65fd52591c", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.7075}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.35}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 51.36431099526817, "contextualize": 0.9923300021910109, "retrieve": 48.23112199665047, "assess": 1.0087839982588775, "compose": 1.098977001674939, "verify": 0.022873995476402342, "conclude": 0.2295400045113638, "total": 111.69891699682921}}', NULL);
INSERT INTO public.turns VALUES ('5c1049aa09f2542f23161bdd', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100', 1, 'What is the dose of rituximab?', 'What is the dose of rituximab?', 'answer', '2026-11-22 16:36:03.85194+00', '2026-11-22 16:36:05.718767+00', '{"format": 1, "conversation": "telegram:#89a9effd37e37175cbc825f9bcfd8fc9:100", "turn": 1, "question": "What is the dose of rituximab?", "standalone_question": "What is the dose of rituximab?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["This answer comes late, because Footnote was not running when your message arrived. If things have changed since then, please ask again; for an emergency call your local emergency number.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents, not medical advice; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "5c1049aa09f2542f23161bdd", "model": "extractive", "prompts": {"wording/en": "sha256:2cf63d2c19379e852cc3636ff375071a64f73fba4737fdf8acc856de8465fc61"}, "knowledge": "dc7a8acd97ccc3881cbcfc78c7c77430f2f33a9d248dd38167e1ff65fd52591c", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6759}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.5998}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 1441.8596549949143, "contextualize": 147.453362995293, "retrieve": 61.099327002011705, "assess": 32.22510000341572, "compose": 109.33186100010062, "verify": 0.03357999958097935, "conclude": 0.1920850045280531, "total": 1844.7380879952107}}', 'telegram:#89a9effd37e37175cbc825f9bcfd8fc9');
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);
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
