// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/log.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

namespace nearfab {
namespace {

// `,"job":"3f9c..."` for each field, as it stands in the object.
thread_local std::string fields_of_thread;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// spdlog's %v writes the message as it is: a quote in it would end the JSON string, a line end the
// line.
class Message final : public spdlog::custom_flag_formatter {
public:
    explicit Message(bool json) : json_{json} {}
    void format(const spdlog::details::log_msg& message,
                const std::tm&,
                spdlog::memory_buf_t& out) override {
        const std::string_view said{message.payload.data(), message.payload.size()};
        const std::string text = json_ ? json_escaped(said) : on_one_line(said);
        out.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<Message>(json_);
    }

private:
    bool json_;
};

// A logger of ours writes in the thread that logs.
class About final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg&,
                const std::tm&,
                spdlog::memory_buf_t& out) override {
        out.append(fields_of_thread.data(), fields_of_thread.data() + fields_of_thread.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<About>();
    }
};

}  // namespace

LogAbout::LogAbout(Fields fields) : before_{fields_of_thread.size()} {
    for (const auto& [key, value] : fields) {
        if (value.empty()) continue;
        fields_of_thread.append(",\"").append(key).append("\":\"");
        fields_of_thread.append(json_escaped(value)).append("\"");
    }
}

LogAbout::~LogAbout() {
    fields_of_thread.resize(before_);
}

std::string json_escaped(std::string_view text) {
    using nlohmann::json;
    const std::string quoted = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
    return quoted.substr(1, quoted.size() - 2);
}

std::string on_one_line(std::string_view text) {
    std::string line{text};
    std::replace_if(line.begin(), line.end(), is_control, ' ');
    return line;
}

void start_logging(const std::string& program, const std::string& level, bool json) {
    auto log = spdlog::stderr_logger_mt(program);
    log->set_level(spdlog::level::from_str(level));
    log->flush_on(spdlog::level::info);
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<Message>('*', json).add_flag<About>('&').set_pattern(
        json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%*"%&})"
             : "%Y-%m-%dT%H:%M:%S.%e%z %l %*");
    log->set_formatter(std::move(formatter));
    spdlog::set_default_logger(log);
}

}  // namespace nearfab
