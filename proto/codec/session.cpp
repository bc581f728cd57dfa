// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {

void read_wire(const v1::Hello& from, message::Hello& to, FieldCheck& check) {
    to.version_min = check.whole<std::uint32_t>("version_min", from.version_min(), 1, UINT32_MAX);
    to.version_max =
        check.whole<std::uint32_t>("version_max", from.version_max(), to.version_min, UINT32_MAX);
    to.software = check.line("software", from.software(), limits::name_bytes_max);
    if (!is_well_formed_id(from.boot_id())) {
        check.refuse(ErrorCode::malformed, "boot_id", "is no id");
    }
    to.boot_id = from.boot_id();
    to.session_counter = from.session_counter();
    to.role = FieldCheck::word(from.role(), Role::peer);
}

void write_wire(const message::Hello& from, v1::Hello& to) {
    to.set_version_min(from.version_min);
    to.set_version_max(from.version_max);
    to.set_software(clean_text(from.software, TextKind::line, limits::name_bytes_max));
    to.set_boot_id(from.boot_id);
    to.set_session_counter(from.session_counter);
    to.set_role(static_cast<v1::Role>(from.role));
}

void read_wire(const v1::Welcome& from, message::Welcome& to, FieldCheck& check) {
    to.version = check.whole<std::uint32_t>("version", from.version(), 1, UINT32_MAX);
    to.session = check.whole<std::uint64_t>("session", from.session(), 1, UINT64_MAX);
    to.role = FieldCheck::word(from.role(), Role::peer);
    to.name = check.id<IdentityId>("name", from.name());
    to.router = check.line("router", from.router(), limits::name_bytes_max);
    to.keepalive_s =
        check.whole<std::int64_t>("keepalive_s", from.keepalive_s(), 1, limits::keepalive_s_max);
}

void write_wire(const message::Welcome& from, v1::Welcome& to) {
    to.set_version(from.version);
    to.set_session(from.session);
    to.set_role(static_cast<v1::Role>(from.role));
    to.set_name(from.name.text());
    to.set_router(clean_text(from.router, TextKind::line, limits::name_bytes_max));
    to.set_keepalive_s(from.keepalive_s);
}

void read_wire(const v1::Keepalive&, message::Keepalive&, FieldCheck&) {}

void write_wire(const message::Keepalive&, v1::Keepalive&) {}

void read_wire(const v1::Failure& from, message::Failure& to, FieldCheck& check) {
    // There is no unknown error: a code of a newer program means that something went wrong.
    to.error.code = FieldCheck::word(from.code(), ErrorCode::config);
    if (to.error.code == ErrorCode{}) to.error.code = ErrorCode::internal;
    to.error.message = check.text("message", from.message());
    to.error.next = check.text("next", from.next());
    to.retry_after_s = check.span_s("retry_after_s", from.retry_after_s());
}

void write_wire(const message::Failure& from, v1::Failure& to) {
    to.set_code(static_cast<v1::ErrorCode>(from.error.code));
    to.set_message(clean_text(from.error.message));
    to.set_retry_after_s(from.retry_after_s);
    to.set_next(clean_text(from.error.next));
}

}  // namespace nearfab::codec
