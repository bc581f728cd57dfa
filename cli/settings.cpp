// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/settings.hpp"

#include "base/spelling.hpp"
#include "cli/settings_file.hpp"
#include "cli/text_file.hpp"
#include "proto/model/money.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/time_text.hpp"

#include <map>
#include <optional>
#include <utility>

namespace nearfab::cli {
namespace {

using FileSettings = std::map<std::string, Setting>;

const std::vector<std::string>& known_keys() {
    static const std::vector<std::string> keys{
        "router", "router_key", "key_file", "agent", "timeout_connect", "currency"};
    return keys;
}

tl::unexpected<Error> unknown_key(const std::string& at, const std::string& key) {
    const auto meant = nearest_word(key, known_keys());
    std::string known;
    for (const std::string& name : known_keys())
        known += (known.empty() ? "" : ", ") + name;
    return fail(ErrorCode::config,
                at + ": " + in_quotes(key) + " is no setting" +
                    (meant ? "; did you mean " + in_quotes(*meant) + "?" : ""),
                "use one of " + known);
}

Result<FileSettings> settings_in(const std::filesystem::path& file, bool must_exist) {
    FileSettings settings;
    const auto text = read_text(file);
    if (!text) {
        if (text.error().code == ErrorCode::not_found && !must_exist) return settings;
        return fail(ErrorCode::config, text.error().message, text.error().next);
    }
    const auto entries = parse_settings_file(*text, file.string());
    if (!entries) return fail(entries.error());
    for (const SettingsEntry& entry : *entries) {
        const std::string at = file.string() + ":" + std::to_string(entry.line);
        const auto& keys = known_keys();
        if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) {
            return unknown_key(at, entry.key);
        }
        const auto* value = std::get_if<std::string>(&entry.value);
        if (value == nullptr) {
            return fail(ErrorCode::config,
                        at + ": `" + entry.key + "` must be a text in quotes",
                        "mend that line");
        }
        settings[entry.key] = Setting{*value, at};
    }
    return settings;
}

struct Source {
    std::string key;
    std::string flag;
    std::optional<std::string> typed;
    std::string variable;
    std::string otherwise;
};

Setting decided(const Source& source, const Environment& environment, const FileSettings& file) {
    if (source.typed) return {*source.typed, source.flag};
    const auto variable = environment.find(source.variable);
    if (variable != environment.end() && !variable->second.empty()) {
        return {variable->second, source.variable};
    }
    const auto in_file = file.find(source.key);
    if (in_file != file.end()) return in_file->second;
    return {source.otherwise, source.otherwise.empty() ? "not set" : "default"};
}

}  // namespace

std::vector<std::pair<std::string, Setting>> Settings::all() const {
    return {{"router", router},
            {"router_key", router_key},
            {"key_file", key_file},
            {"agent", agent},
            {"timeout_connect", timeout_connect},
            {"currency", currency}};
}

Result<Settings> read_settings(const GlobalOptions& options,
                               const Environment& environment,
                               const UserPaths& paths) {
    const std::filesystem::path file =
        options.config ? std::filesystem::path{*options.config} : paths.config / "config.toml";
    const auto in_file = settings_in(file, options.config.has_value());
    if (!in_file) return fail(in_file.error());
    const auto decide = [&](const Source& source) {
        return decided(source, environment, *in_file);
    };
    Settings settings;
    settings.router =
        decide({"router", "--router", options.router, "NEARFAB_ROUTER", "tcp://127.0.0.1:7440"});
    settings.router_key =
        decide({"router_key", "--router-key", options.router_key, "NEARFAB_ROUTER_KEY", ""});
    settings.key_file = decide({"key_file",
                                "--key-file",
                                options.key_file,
                                "NEARFAB_KEY_FILE",
                                (paths.config / "key").string()});
    settings.agent = decide({"agent",
                             "--agent",
                             options.agent,
                             "NEARFAB_AGENT",
                             "ipc://" + (paths.runtime / "agent.sock").string()});
    settings.timeout_connect = decide({"timeout_connect",
                                       "--timeout-connect",
                                       options.timeout_connect,
                                       "NEARFAB_TIMEOUT_CONNECT",
                                       "10s"});
    // --currency is an option of the verbs that compare prices; it wins there.
    settings.currency = decide({"currency", "", std::nullopt, "NEARFAB_CURRENCY", ""});
    if (!settings.currency.value.empty()) {
        auto currency = parse_currency(settings.currency.value);
        if (!currency) {
            return fail(ErrorCode::config,
                        "currency (" + settings.currency.origin + "): " + currency.error().message,
                        currency.error().next);
        }
        settings.currency.value = std::move(*currency);
    }
    if (const auto span = parse_duration(settings.timeout_connect.value); !span) {
        return fail(
            ErrorCode::config,
            "timeout_connect (" + settings.timeout_connect.origin + "): " + span.error().message,
            span.error().next);
    }
    return settings;
}

}  // namespace nearfab::cli
