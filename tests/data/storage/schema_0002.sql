-- A database as version 0.1 wrote it, schema 2. Never edited.
PRAGMA application_id = 1414090311;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE "account" (
	id VARCHAR NOT NULL, 
	network VARCHAR NOT NULL, 
	login VARCHAR NOT NULL, 
	remote_id VARCHAR NOT NULL, 
	username VARCHAR NOT NULL, 
	display_name VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	state_reason VARCHAR NOT NULL, 
	hue VARCHAR NOT NULL, 
	is_sample BOOLEAN NOT NULL, 
	connected_at BIGINT NOT NULL, 
	token_expires_at BIGINT, 
	version INTEGER NOT NULL, 
	token_issued_at BIGINT, 
	token_refreshed_at BIGINT, 
	data_access_expires_at BIGINT, 
	scopes VARCHAR DEFAULT '[]' NOT NULL, 
	grantor_id VARCHAR, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT uq_account_network_remote_id UNIQUE (network, remote_id), 
	CONSTRAINT ck_account_login CHECK (login IN ('threads', 'instagram', 'facebook_page')), 
	CONSTRAINT ck_account_network CHECK (network IN ('threads', 'instagram', 'facebook')), 
	CONSTRAINT ck_account_hue CHECK (hue IN ('ink', 'pink', 'blue', 'teal', 'amber')), 
	CONSTRAINT ck_account_state CHECK (state IN ('connected', 'reconnect', 'action_needed', 'disconnected'))
);
INSERT INTO "account" VALUES('01900000-0000-7000-8000-000000000001','threads','threads','1001','ada','Ada','connected','','ink',0,1795167015123456,1800351015123456,0,1795000000000000,1795100000000000,1799000000000000,'["threads_basic","threads_content_publish"]','77');
INSERT INTO "account" VALUES('01900000-0000-7000-8000-000000000002','instagram','instagram','1002','ada.pictures','Ada','connected','','pink',0,1795167020123456,NULL,0,NULL,NULL,NULL,'[]',NULL);
CREATE TABLE asset (
	id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	mime_type VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	duration BIGINT, 
	original_name VARCHAR NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_asset PRIMARY KEY (id), 
	CONSTRAINT ck_asset_kind CHECK (kind IN ('image', 'video')), 
	CONSTRAINT uq_asset_sha256 UNIQUE (sha256)
);
INSERT INTO "asset" VALUES('01900000-0000-7000-8000-000000000003','image','image/png','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1234,1080,1920,NULL,'cat.png',1795167015123456);
CREATE TABLE delivery (
	id VARCHAR NOT NULL, 
	post_id VARCHAR NOT NULL, 
	account_id VARCHAR NOT NULL, 
	network VARCHAR NOT NULL, 
	slot_key VARCHAR NOT NULL, 
	wall_time VARCHAR NOT NULL, 
	zone VARCHAR NOT NULL, 
	due_at BIGINT NOT NULL, 
	late_limit BIGINT, 
	state VARCHAR NOT NULL, 
	was_sent BOOLEAN NOT NULL, 
	state_since BIGINT NOT NULL, 
	created_at BIGINT NOT NULL, 
	next_action_at BIGINT, 
	reason VARCHAR NOT NULL, 
	lease_owner VARCHAR, 
	epoch BIGINT NOT NULL, 
	payload VARCHAR, 
	payload_sha256 VARCHAR, 
	tries INTEGER NOT NULL, 
	last_failure VARCHAR, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (id), 
	CONSTRAINT uq_delivery_account_id_post_id_slot_key UNIQUE (account_id, post_id, slot_key), 
	CONSTRAINT ck_delivery_network CHECK (network IN ('threads', 'instagram', 'facebook')), 
	CONSTRAINT ck_delivery_state CHECK (state IN ('draft', 'awaiting_approval', 'scheduled', 'preparing', 'ready', 'sending', 'uncertain', 'live_unlinked', 'published', 'held', 'retry_wait', 'missed', 'cancelled', 'failed', 'needs_review')), 
	CONSTRAINT ck_delivery_payload CHECK ((payload IS NULL) = (payload_sha256 IS NULL)), 
	CONSTRAINT fk_delivery_post_id FOREIGN KEY(post_id) REFERENCES post (id), 
	CONSTRAINT fk_delivery_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);
INSERT INTO "delivery" VALUES('01900000-0000-7000-8000-000000000006','01900000-0000-7000-8000-000000000004','01900000-0000-7000-8000-000000000001','threads','1','2026-11-21T08:00:00','America/New_York',1795167015123456,900000000,'published',1,1795167015123456,1795167015123456,NULL,'',NULL,3,'{"schema":1,"network":"threads","format":"feed","parts":[{"text":"Überraschung 🎉","marks":[[0,12,"bold",null]],"link":null,"media":[{"asset":"01900000-0000-7000-8000-000000000003","kind":"image","mime":"image/png","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","alt":"a cat"}]}]}','22bc1bfc8543de056a245d4ff131108c9b7722e277c74348cee0410771e8f04b',0,'["transient_retry","try later",500,null,null,null]',1);
INSERT INTO "delivery" VALUES('01900000-0000-7000-8000-000000000007','01900000-0000-7000-8000-000000000004','01900000-0000-7000-8000-000000000002','instagram','1','2026-11-21T08:00:00','America/New_York',1795253415123456,900000000,'scheduled',0,1795167015123456,1795167015123456,1795253415123456,'',NULL,0,NULL,NULL,0,NULL,0);
CREATE TABLE delivery_attempt (
	id INTEGER NOT NULL, 
	delivery_id VARCHAR NOT NULL, 
	phase VARCHAR NOT NULL, 
	part INTEGER NOT NULL, 
	started_at BIGINT NOT NULL, 
	finished_at BIGINT NOT NULL, 
	outcome VARCHAR NOT NULL, 
	sent_at BIGINT, 
	http_status INTEGER, 
	code VARCHAR, 
	subcode INTEGER, 
	trace_id VARCHAR, 
	detail VARCHAR NOT NULL, 
	CONSTRAINT pk_delivery_attempt PRIMARY KEY (id), 
	CONSTRAINT ck_delivery_attempt_phase CHECK (phase IN ('prepare', 'status', 'publish', 'look_up', 'permalink')), 
	CONSTRAINT fk_delivery_attempt_delivery_id FOREIGN KEY(delivery_id) REFERENCES delivery (id)
);
INSERT INTO "delivery_attempt" VALUES(1,'01900000-0000-7000-8000-000000000006','publish',0,1795167015123456,1795167015123456,'ok',1795167015123456,200,NULL,NULL,NULL,'');
CREATE TABLE "delivery_part" (
	delivery_id VARCHAR NOT NULL, 
	ordinal INTEGER NOT NULL, 
	account_id VARCHAR NOT NULL, 
	children VARCHAR NOT NULL, 
	children_ready INTEGER NOT NULL, 
	container_id VARCHAR, 
	container_created_at BIGINT, 
	is_container_ready BOOLEAN NOT NULL, 
	polls INTEGER NOT NULL, 
	recreations INTEGER NOT NULL, 
	refusals INTEGER NOT NULL, 
	send_token VARCHAR, 
	sent_intent_at BIGINT, 
	send_deadline_at BIGINT, 
	lookups INTEGER NOT NULL, 
	finished_reads INTEGER NOT NULL, 
	last_finished_read_at BIGINT, 
	media_id VARCHAR, 
	permalink VARCHAR, 
	published_at BIGINT, 
	evidence VARCHAR, 
	upload VARCHAR, 
	hand_over VARCHAR, 
	CONSTRAINT pk_delivery_part PRIMARY KEY (delivery_id, ordinal), 
	CONSTRAINT ck_delivery_part_evidence CHECK (media_id IS NULL OR evidence IS NOT NULL), 
	CONSTRAINT fk_delivery_part_delivery_id FOREIGN KEY(delivery_id) REFERENCES delivery (id), 
	CONSTRAINT fk_delivery_part_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT ck_delivery_part_hand_over CHECK (hand_over IN ('intended', 'confirmed', 'refused', 'recalling', 'cancelling'))
);
INSERT INTO "delivery_part" VALUES('01900000-0000-7000-8000-000000000006',0,'01900000-0000-7000-8000-000000000001','[]',0,'box-2',NULL,0,0,0,0,NULL,NULL,NULL,0,0,NULL,'m-1','https://example.org/1',1795167015123456,'answer',NULL,NULL);
INSERT INTO "delivery_part" VALUES('01900000-0000-7000-8000-000000000007',0,'01900000-0000-7000-8000-000000000002','[]',0,NULL,NULL,0,0,0,0,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE delivery_timeline (
	id INTEGER NOT NULL, 
	delivery_id VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	"before" VARCHAR, 
	"after" VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	CONSTRAINT pk_delivery_timeline PRIMARY KEY (id), 
	CONSTRAINT fk_delivery_timeline_delivery_id FOREIGN KEY(delivery_id) REFERENCES delivery (id)
);
INSERT INTO "delivery_timeline" VALUES(1,'01900000-0000-7000-8000-000000000006',1795167015123456,NULL,'scheduled','planned');
INSERT INTO "delivery_timeline" VALUES(2,'01900000-0000-7000-8000-000000000007',1795167015123456,NULL,'scheduled','planned');
INSERT INTO "delivery_timeline" VALUES(3,'01900000-0000-7000-8000-000000000006',1795167015123456,'scheduled','published','published');
CREATE TABLE delivery_tombstone (
	delivery_id VARCHAR NOT NULL, 
	ordinal INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	container_id VARCHAR NOT NULL, 
	sends INTEGER NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	is_dead BOOLEAN NOT NULL, 
	CONSTRAINT pk_delivery_tombstone PRIMARY KEY (delivery_id, ordinal, position), 
	CONSTRAINT fk_delivery_tombstone_delivery_id FOREIGN KEY(delivery_id, ordinal) REFERENCES delivery_part (delivery_id, ordinal)
);
INSERT INTO "delivery_tombstone" VALUES('01900000-0000-7000-8000-000000000006',0,0,'box-1',1,0,1);
INSERT INTO "delivery_tombstone" VALUES('01900000-0000-7000-8000-000000000006',0,1,'box-2',1,0,0);
CREATE TABLE hosted_object (
	"key" VARCHAR NOT NULL, 
	relay VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	delivery_id VARCHAR, 
	created_at BIGINT NOT NULL, 
	delete_after BIGINT NOT NULL, 
	CONSTRAINT pk_hosted_object PRIMARY KEY ("key")
);
INSERT INTO "hosted_object" VALUES('a1b2','s3://bucket/prefix','ff',NULL,1795000000000000,1795100000000000);
CREATE TABLE lease (
	name VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	until BIGINT NOT NULL, 
	epoch INTEGER NOT NULL, 
	CONSTRAINT pk_lease PRIMARY KEY (name)
);
CREATE TABLE post (
	id VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	thumbnail VARCHAR, 
	part_count INTEGER NOT NULL, 
	media_count INTEGER NOT NULL, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	deleted_at BIGINT, 
	is_sample BOOLEAN NOT NULL, 
	version INTEGER NOT NULL, 
	content VARCHAR NOT NULL, 
	search_text VARCHAR NOT NULL, 
	CONSTRAINT pk_post PRIMARY KEY (id)
);
INSERT INTO "post" VALUES('01900000-0000-7000-8000-000000000004','Überraschung 🎉','01900000-0000-7000-8000-000000000003',2,1,1795167015123456,1795167015123456,NULL,0,0,'{"schema":1,"parts":[{"text":"Überraschung 🎉","marks":[[0,12,"bold",null]],"media":[{"asset":"01900000-0000-7000-8000-000000000003","alt":"a cat"}]},{"text":"second part","marks":[],"media":[]}]}','überraschung 🎉
second part
for pictures');
INSERT INTO "post" VALUES('01900000-0000-7000-8000-000000000005','in the bin',NULL,1,0,1795167015123456,1795167015123456,1795167015123456,0,0,'{"schema":1,"parts":[{"text":"in the bin","marks":[],"media":[]}]}','in the bin');
CREATE TABLE "post_variant" (
	post_id VARCHAR NOT NULL, 
	account_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	format VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	thumbnail VARCHAR, 
	override VARCHAR, 
	options VARCHAR DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_post_variant PRIMARY KEY (post_id, account_id), 
	CONSTRAINT fk_post_variant_post_id FOREIGN KEY(post_id) REFERENCES post (id), 
	CONSTRAINT ck_post_variant_format CHECK (format IN ('feed', 'carousel', 'reel', 'story')), 
	CONSTRAINT fk_post_variant_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);
INSERT INTO "post_variant" VALUES('01900000-0000-7000-8000-000000000004','01900000-0000-7000-8000-000000000001',0,'feed','Überraschung 🎉','01900000-0000-7000-8000-000000000003',NULL,'{}');
INSERT INTO "post_variant" VALUES('01900000-0000-7000-8000-000000000004','01900000-0000-7000-8000-000000000002',1,'feed','for pictures',NULL,'{"schema":1,"parts":[{"text":"for pictures","marks":[],"media":[]}]}','{}');
CREATE TABLE publishing_quota (
	account_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	used INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	window BIGINT NOT NULL, 
	read_at BIGINT NOT NULL, 
	CONSTRAINT pk_publishing_quota PRIMARY KEY (account_id, kind), 
	CONSTRAINT fk_publishing_quota_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);
INSERT INTO "publishing_quota" VALUES('01900000-0000-7000-8000-000000000001','posts',4,250,86400000000,1795000000000000);
CREATE TABLE rate_reading (
	bucket VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	percent INTEGER NOT NULL, 
	regain_at BIGINT, 
	read_at BIGINT NOT NULL, 
	CONSTRAINT pk_rate_reading PRIMARY KEY (bucket)
);
INSERT INTO "rate_reading" VALUES('threads/app','',28,NULL,1795000000000000);
CREATE TABLE secret (
	name VARCHAR NOT NULL, 
	key_id VARCHAR NOT NULL, 
	sealed BLOB NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_secret PRIMARY KEY (name)
);
INSERT INTO "secret" VALUES('token/one','k1',X'00112233',1795000000000000);
CREATE TABLE setting (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY (name)
);
INSERT INTO "setting" VALUES('theme','"dark"');
CREATE INDEX ix_post_updated_at ON post (updated_at);
CREATE INDEX ix_delivery_state ON delivery (state, due_at);
CREATE INDEX ix_delivery_timer ON delivery (next_action_at, id) WHERE next_action_at IS NOT NULL;
CREATE INDEX ix_delivery_post_id ON delivery (post_id);
CREATE INDEX ix_delivery_due_at ON delivery (due_at);
CREATE INDEX ix_delivery_timeline_delivery_id ON delivery_timeline (delivery_id);
CREATE INDEX ix_delivery_attempt_delivery_id ON delivery_attempt (delivery_id);
CREATE INDEX ix_post_variant_account_id ON post_variant (account_id);
CREATE UNIQUE INDEX uq_delivery_part_media ON delivery_part (account_id, media_id) WHERE media_id IS NOT NULL;
CREATE INDEX ix_hosted_object_delete_after ON hosted_object (delete_after);
CREATE TRIGGER guard_timeline_update BEFORE UPDATE ON delivery_timeline BEGIN SELECT RAISE(ABORT, 'guarded: timeline_update'); END;
CREATE TRIGGER guard_timeline_delete BEFORE DELETE ON delivery_timeline WHEN NOT EXISTS (SELECT 1 FROM delivery JOIN post ON post.id = delivery.post_id WHERE delivery.id = OLD.delivery_id AND post.is_sample) BEGIN SELECT RAISE(ABORT, 'guarded: timeline_delete'); END;
CREATE TRIGGER guard_attempt_update BEFORE UPDATE ON delivery_attempt BEGIN SELECT RAISE(ABORT, 'guarded: attempt_update'); END;
CREATE TRIGGER guard_attempt_delete BEFORE DELETE ON delivery_attempt WHEN NOT EXISTS (SELECT 1 FROM delivery JOIN post ON post.id = delivery.post_id WHERE delivery.id = OLD.delivery_id AND post.is_sample) BEGIN SELECT RAISE(ABORT, 'guarded: attempt_delete'); END;
CREATE TRIGGER guard_tombstone_move BEFORE UPDATE OF delivery_id, ordinal, position ON delivery_tombstone BEGIN SELECT RAISE(ABORT, 'guarded: tombstone_move'); END;
CREATE TRIGGER guard_tombstone_change BEFORE UPDATE ON delivery_tombstone WHEN OLD.container_id <> NEW.container_id OR (OLD.is_dead AND NOT NEW.is_dead) BEGIN SELECT RAISE(ABORT, 'guarded: tombstone_change'); END;
CREATE TRIGGER guard_tombstone_delete BEFORE DELETE ON delivery_tombstone WHEN NOT (OLD.is_open AND OLD.sends = 1) AND NOT EXISTS (SELECT 1 FROM delivery JOIN post ON post.id = delivery.post_id WHERE delivery.id = OLD.delivery_id AND post.is_sample) BEGIN SELECT RAISE(ABORT, 'guarded: tombstone_delete'); END;
CREATE TRIGGER guard_delivery_delete BEFORE DELETE ON delivery WHEN NOT EXISTS (SELECT 1 FROM post WHERE post.id = OLD.post_id AND post.is_sample) BEGIN SELECT RAISE(ABORT, 'guarded: delivery_delete'); END;
CREATE TRIGGER guard_delivery_epoch BEFORE UPDATE OF epoch ON delivery WHEN NEW.epoch < OLD.epoch BEGIN SELECT RAISE(ABORT, 'guarded: delivery_epoch'); END;
CREATE TRIGGER guard_lease_epoch BEFORE UPDATE OF epoch ON lease WHEN NEW.epoch < OLD.epoch BEGIN SELECT RAISE(ABORT, 'guarded: lease_epoch'); END;
CREATE TRIGGER guard_post_delete BEFORE DELETE ON post WHEN NOT OLD.is_sample BEGIN SELECT RAISE(ABORT, 'guarded: post_delete'); END;
CREATE TRIGGER guard_post_sample BEFORE UPDATE OF is_sample ON post WHEN OLD.is_sample IS NOT NEW.is_sample BEGIN SELECT RAISE(ABORT, 'guarded: post_sample'); END;
COMMIT;
