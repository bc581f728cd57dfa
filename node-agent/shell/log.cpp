// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <memory>

namespace nearfab::agent {
namespace {

// spdlog's %v writes the message as it is; a quote in it would end the JSON string.
class EscapedMessage final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message,
                const std::tm&,
                spdlog::memory_buf_t& out) override {
        const std::string text =
            json_escaped(std::string{message.payload.data(), message.payload.size()});
        out.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<EscapedMessage>();
    }
};

}  // namespace

std::string json_escaped(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            escaped += '\\';
            escaped += c;
        } else if (byte < 0x20) {
            char code[8];
            (void)std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(byte));
            escaped += code;
        } else {
            escaped += c;
        }
    }
    return escaped;
}

void start_logging(const std::string& level, bool json) {
    auto log = spdlog::stderr_logger_mt("agent");
    log->set_level(spdlog::level::from_str(level));
    log->flush_on(spdlog::level::info);
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    if (json) {
        formatter->add_flag<EscapedMessage>('*').set_pattern(
            R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%*"})");
    } else {
        formatter->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    }
    log->set_formatter(std::move(formatter));
    spdlog::set_default_logger(log);
}

}  // namespace nearfab::agent
