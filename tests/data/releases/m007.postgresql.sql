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
    reason character varying(64) NOT NULL
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
INSERT INTO public.alembic_version VALUES ('m007');
INSERT INTO public.conversations VALUES ('c1', 0);
INSERT INTO public.conversations VALUES ('telegram:5:100', 0);
INSERT INTO public.inbox VALUES (70000, 1, 'question', 'telegram:5', 5, 'telegram:5', 100, '', 'b055e2abd2c4', '2026-11-22 16:40:51.359544+00', NULL, 'done', 1, NULL, NULL, '[101]', '');
INSERT INTO public.inbox VALUES (70001, 2, 'question', 'telegram:5', 5, 'telegram:5', 102, '{"message": {"channel_chat_created": false, "delete_chat_photo": false, "group_chat_created": false, "supergroup_chat_created": false, "text": "How often is rituximab given to children with JDM?", "chat": {"first_name": "Ada", "id": 5, "type": "private"}, "date": 1790000000, "message_id": 102, "from": {"first_name": "Ada", "id": 5, "is_bot": false}}, "update_id": 70001}', '73a3b7431b58', '2026-11-22 16:40:53.55012+00', NULL, 'new', 0, NULL, NULL, '[]', '');
INSERT INTO public.message_map VALUES (5, 100, NULL, 'telegram:5:100', 'b055e2abd2c4', true, '2026-11-22 16:40:53.456797+00', '', 'telegram:5');
INSERT INTO public.message_map VALUES (5, 101, NULL, 'telegram:5:100', 'b055e2abd2c4', false, '2026-11-22 16:40:53.456797+00', '', 'telegram:5');
INSERT INTO public.message_map VALUES (5, 102, NULL, 'telegram:5:100', NULL, true, '2026-11-22 16:40:53.536739+00', '', 'telegram:5');
INSERT INTO public.reviews VALUES ('4a7b885431ce', 'Doubtful.', '', NULL, '', '', NULL);
INSERT INTO public.turns VALUES ('4a7b885431ce', 'c1', 1, 'What is the dose of rituximab in JDM?', 'What is the dose of rituximab in JDM?', 'answer', '2026-11-22 16:40:33.830821+00', '2026-11-22 16:40:35.386385+00', '{"format": 1, "conversation": "c1", "turn": 1, "question": "What is the dose of rituximab in JDM?", "standalone_question": "What is the dose of rituximab in JDM?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "4a7b885431ce", "model": "extractive", "prompts": {"wording/en": "sha256:8fe99c5b5da9ceb05a6c9c694224c51b878d8b5df5a5d89bc7de93ea4f1c5281"}, "knowledge": "5f4b242fb9332dfaad3dafde888b76caf7b452a276750c0f8bbe3eb9fc589c7a", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6981}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.3009}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 37.17378799774451, "contextualize": 904.4002709997585, "retrieve": 46.21187200245913, "assess": 11.157952998473775, "compose": 500.7012120040599, "verify": 0.016584999684710056, "conclude": 0.27339499501977116, "total": 1531.7956739963847}}', NULL);
INSERT INTO public.turns VALUES ('f2c8d9b110d5', 'c1', 2, 'and how often is it given?', 'And how often is rituximab given?', 'answer', '2026-11-22 16:40:35.391372+00', '2026-11-22 16:40:35.484723+00', '{"format": 1, "conversation": "c1", "turn": 2, "question": "and how often is it given?", "standalone_question": "And how often is rituximab given?", "outcome": {"type": "answer", "claims": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "role": "bottom_line", "support": "SUPPORTED", "citations": [1]}], "citations": [{"number": 1, "document": "rituximab.md", "title": "Rituximab", "quote": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "start": 13, "end": 73, "locator": "text", "evidence": "", "year": null, "review_status": "submitted", "passage": "rituximab#f928e299d4", "review_by": null}], "notices": ["The passages cited here state no route or maximum dose of rituximab.", "Review status: the source has not been reviewed yet."], "disclaimer": "Information from the cited documents for professionals, not a substitute for clinical judgement; the treating team decides.", "withheld": 0, "gaps": [], "suggested_questions": [], "disagreements": [], "preface": "", "explained": []}, "provenance": {"answer_id": "f2c8d9b110d5", "model": "extractive", "prompts": {"wording/en": "sha256:8fe99c5b5da9ceb05a6c9c694224c51b878d8b5df5a5d89bc7de93ea4f1c5281"}, "knowledge": "5f4b242fb9332dfaad3dafde888b76caf7b452a276750c0f8bbe3eb9fc589c7a", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.7075}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.35}], "models": {}, "checked": [{"text": "Rituximab is given to children with JDM at 375 mg/m\u00b2 weekly.", "support": "SUPPORTED", "reasons": ["The passage says so."]}]}, "timings_ms": {"triage": 12.022622999211308, "contextualize": 0.8676449942868203, "retrieve": 58.832960996369366, "assess": 1.1361919969203882, "compose": 5.263974999252241, "verify": 0.016885001969058067, "conclude": 0.24189800024032593, "total": 90.73965999414213}}', NULL);
INSERT INTO public.turns VALUES ('b055e2abd2c4', 'telegram:5:100', 1, 'What is the dose of rituximab?', 'What is the dose of rituximab?', 'abstention', '2026-11-22 16:40:51.483143+00', '2026-11-22 16:40:53.411282+00', '{"format": 1, "conversation": "telegram:5:100", "turn": 1, "question": "What is the dose of rituximab?", "standalone_question": "What is the dose of rituximab?", "outcome": {"type": "abstention", "text": "I found no statement in the library that answers this question, so I am not giving an answer. The library may not contain one; you could also ask in other words.", "nearest": ["Rituximab"], "notices": ["This answer comes late, because Footnote was not running when your message arrived. If things have changed since then, please ask again; for an emergency call your local emergency number.", "Review status: this reply uses no source."], "disclaimer": "Information from the cited documents, not medical advice; the treating team decides.", "withheld": 0, "suggested_questions": []}, "provenance": {"answer_id": "b055e2abd2c4", "model": "extractive", "prompts": {"wording/en": "sha256:8fe99c5b5da9ceb05a6c9c694224c51b878d8b5df5a5d89bc7de93ea4f1c5281"}, "knowledge": "5f4b242fb9332dfaad3dafde888b76caf7b452a276750c0f8bbe3eb9fc589c7a", "retrieved": [{"document": "rituximab.md", "passage": "rituximab#f928e299d4", "score": 0.6759}, {"document": "rituximab.md", "passage": "rituximab#37e37a8d21", "score": 0.5998}], "models": {}, "checked": []}, "timings_ms": {"triage": 25.011247002112214, "contextualize": 1633.1789909963845, "retrieve": 90.29931799886981, "assess": 86.39945300092222, "conclude": 0.08221099415095523, "total": 1901.474969999981}}', 'telegram:5');
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT feedback_pkey PRIMARY KEY (answer_id, "user");
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
