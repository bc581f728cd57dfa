// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/parsing.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <string>

namespace nearfab::codec {
namespace {

// What the library last complained about on this thread; it tells the name of a field with bad
// UTF-8 nowhere else.
thread_local std::string last_complaint;

void keep_complaint(google::protobuf::LogLevel level, const char*, int, const std::string& text) {
    if (level >= google::protobuf::LOGLEVEL_ERROR) last_complaint = text;
}

void listen_to_library() {
    static const bool listening = (google::protobuf::SetLogHandler(&keep_complaint), true);
    static_cast<void>(listening);
}

// "String field 'nearfab.v1.JobSpec.title' contains invalid UTF-8 ..." -> "JobSpec.title".
std::string field_with_bad_text() {
    constexpr std::string_view package = "nearfab.v1.";
    if (last_complaint.find("invalid UTF-8") == std::string::npos) return {};
    const auto first = last_complaint.find('\'');
    if (first == std::string::npos) return {};
    const auto last = last_complaint.find('\'', first + 1);
    std::string field = last_complaint.substr(first + 1, last - first - 1);
    if (field.starts_with(package)) field.erase(0, package.size());
    return field;
}

}  // namespace

Status parse(std::span<const std::uint8_t> bytes,
             std::size_t bytes_max,
             std::string_view what,
             google::protobuf::MessageLite& to) {
    const std::string name{what};
    if (bytes.size() > bytes_max) {
        return fail(ErrorCode::too_large,
                    name + " has " + std::to_string(bytes.size()) + " bytes, more than " +
                        std::to_string(bytes_max),
                    "send it in smaller pieces");
    }
    listen_to_library();
    last_complaint.clear();
    google::protobuf::io::CodedInputStream stream{bytes.data(), static_cast<int>(bytes.size())};
    stream.SetRecursionLimit(recursion_max);
    stream.SetTotalBytesLimit(static_cast<int>(bytes_max));
    if (to.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage()) return {};
    if (const std::string field = field_with_bad_text(); !field.empty()) {
        return fail(ErrorCode::malformed,
                    field + ": is not valid UTF-8",
                    "send a value that proto/PROTOCOL.md allows");
    }
    return fail(
        ErrorCode::malformed,
        name + " is cut off or is no Protobuf message (" + std::to_string(bytes.size()) + " bytes)",
        "check that both programs speak the nearfab protocol");
}

}  // namespace nearfab::codec
