// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {
namespace {

std::uint64_t position(FieldCheck& check, std::string_view field, std::uint64_t value) {
    return check.whole<std::uint64_t>(field, value, 0, limits::design_bytes_max);
}

std::vector<std::uint8_t> piece(FieldCheck& check, const std::string& data) {
    if (!check.at_most("data", data.size(), limits::chunk_bytes_max, "bytes")) return {};
    return {data.begin(), data.end()};
}

// REQUIRES: both within their limits, so the sum cannot wrap.
void must_end_by(FieldCheck& check, std::uint64_t offset, std::size_t length, std::uint64_t end) {
    if (offset + length <= end) return;
    check.refuse(ErrorCode::malformed,
                 "data",
                 "ends at " + std::to_string(offset + length) + ", behind the design's end at " +
                     std::to_string(end));
}

}  // namespace

void read_wire(const v1::OpenUpload& from, message::OpenUpload& to, FieldCheck& check) {
    to.design = check.hash("design", from.design());
    if (check.at_most("size", from.size(), limits::design_bytes_max, "bytes")) {
        to.size = check.whole<std::uint64_t>("size", from.size(), 1, limits::design_bytes_max);
    }
}

void write_wire(const message::OpenUpload& from, v1::OpenUpload& to) {
    to.set_design(wire_hash(from.design));
    to.set_size(from.size);
}

void read_wire(const v1::UploadChunk& from, message::UploadChunk& to, FieldCheck& check) {
    to.design = check.hash("design", from.design());
    to.offset = position(check, "offset", from.offset());
    if (from.data().empty()) check.refuse(ErrorCode::malformed, "data", "is empty");
    to.bytes = piece(check, from.data());
    must_end_by(check, to.offset, to.bytes.size(), limits::design_bytes_max);
}

void write_wire(const message::UploadChunk& from, v1::UploadChunk& to) {
    to.set_design(wire_hash(from.design));
    to.set_offset(from.offset);
    to.set_data(from.bytes.data(), from.bytes.size());
}

void read_wire(const v1::UploadStatus& from, message::UploadStatus& to, FieldCheck& check) {
    to.design = check.hash("design", from.design());
    to.received = position(check, "received", from.received());
    to.complete = from.complete();
}

void write_wire(const message::UploadStatus& from, v1::UploadStatus& to) {
    to.set_design(wire_hash(from.design));
    to.set_received(from.received);
    to.set_complete(from.complete);
}

void read_wire(const v1::ReadChunk& from, message::ReadChunk& to, FieldCheck& check) {
    to.design = check.hash("design", from.design());
    to.offset = position(check, "offset", from.offset());
}

void write_wire(const message::ReadChunk& from, v1::ReadChunk& to) {
    to.set_design(wire_hash(from.design));
    to.set_offset(from.offset);
}

void read_wire(const v1::DesignChunk& from, message::DesignChunk& to, FieldCheck& check) {
    to.design = check.hash("design", from.design());
    to.offset = position(check, "offset", from.offset());
    to.size = position(check, "size", from.size());
    to.bytes = piece(check, from.data());
    must_end_by(check, to.offset, to.bytes.size(), to.size);
}

void write_wire(const message::DesignChunk& from, v1::DesignChunk& to) {
    to.set_design(wire_hash(from.design));
    to.set_offset(from.offset);
    to.set_size(from.size);
    to.set_data(from.bytes.data(), from.bytes.size());
}

}  // namespace nearfab::codec
