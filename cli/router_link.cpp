// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/router_link.hpp"

#include "base/check.hpp"
#include "cli/command_line.hpp"
#include "cli/text_file.hpp"
#include "proto/model/text.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/time_text.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <system_error>

namespace nearfab::cli {
namespace {

std::string software() {
    return "nearfab " + std::string{program_version};
}

// A file with the key alone, or with a "public KEY" line as in key files.
std::optional<std::string> public_key_in(const std::string& text) {
    std::istringstream words{text};
    std::string word;
    std::string before;
    while (words >> word) {
        if (wire::is_well_formed_key(word) && before != "secret") return word;
        before = word;
    }
    return std::nullopt;
}

Result<std::string> router_public_key(const Setting& setting) {
    if (setting.value.empty()) {
        return fail(ErrorCode::config,
                    "the router's public key is not known",
                    "ask the router's operator for it, then give --router-key, NEARFAB_ROUTER_KEY, "
                    "or router_key in config.toml");
    }
    if (wire::is_well_formed_key(setting.value)) return setting.value;
    const std::string where = "router_key (" + setting.origin + "): ";
    const auto text = read_text(setting.value);
    if (!text) {
        return fail(
            ErrorCode::config,
            where + in_quotes(setting.value) + " is neither a key nor a file that can be read",
            "give the 40 characters of the router's public key, or a file that holds them");
    }
    if (const auto key = public_key_in(*text)) return *key;
    return fail(ErrorCode::config,
                where + setting.value + " holds no public key",
                "give a file with the 40 characters of the router's public key");
}

Status check_endpoint(const Setting& setting, std::string_view example) {
    const bool good = setting.value.starts_with("tcp://") || setting.value.starts_with("ipc://");
    if (good) return {};
    return fail(ErrorCode::config,
                in_quotes(setting.value) + " (" + setting.origin + ") is no endpoint",
                "write it like " + std::string{example});
}

Duration connect_timeout(const Desk& desk) {
    const auto span = parse_duration(desk.settings.timeout_connect.value);
    NEARFAB_CHECK(span.has_value(), "read_settings has checked it");
    return *span;
}

constexpr std::size_t rows_max = 10'000;

// Where the page after this one begins.
void go_on_after(message::AskJobs& question, const JobStatus& last) {
    question.after_job = last.id;
    question.after_submitted_at = last.submitted_at;
}
void go_on_after(message::AskWhy& question, const message::WorkOrderReason& last) {
    question.after_work_order = last.work_order;
}
void go_on_after(message::AskFabs& question, const message::FabStatus& last) {
    question.after_fab = last.fab;
    question.after_distance_km = last.distance_km;
}

std::vector<JobStatus>& rows_of(message::Jobs& page) {
    return page.jobs;
}
std::vector<message::WorkOrderReason>& rows_of(message::Why& page) {
    return page.work_orders;
}
std::vector<message::FabStatus>& rows_of(message::Fabs& page) {
    return page.fabs;
}

const std::string& id_of(const JobStatus& row) {
    return row.id.text();
}
const std::string& id_of(const message::WorkOrderReason& row) {
    return row.work_order.text();
}
const std::string& id_of(const message::FabStatus& row) {
    return row.fab.text();
}

template <typename Answer, typename Question>
Result<Answer> ask_pages(wire::Connection& connection, Question question) {
    auto all = ask_for<Answer>(connection, question);
    // A page without a row would be asked for again and again.
    while (all && all->more && !rows_of(*all).empty() && rows_of(*all).size() < rows_max) {
        go_on_after(question, rows_of(*all).back());
        auto page = ask_for<Answer>(connection, question);
        if (!page) return page;
        auto& rows = rows_of(*page);
        // A router from before there were pages gives the first one again.
        if (!rows.empty() && id_of(rows.back()) == id_of(rows_of(*all).back())) break;
        all->more = page->more && !rows.empty();
        std::move(rows.begin(), rows.end(), std::back_inserter(rows_of(*all)));
    }
    return all;
}

std::function<void(bool)> tell_reachable(const Screen& screen, std::string who) {
    return [&screen, who = std::move(who)](bool reachable) {
        screen.remark(reachable ? who + " is back." : who + " is silent; waiting for it.");
    };
}

}  // namespace

Result<RouterKeys> router_keys(const Desk& desk) {
    auto router = router_public_key(desk.settings.router_key);
    if (!router) return fail(std::move(router.error()));
    const Setting& file = desk.settings.key_file;
    auto own = wire::load_key_pair(file.value);
    if (!own) {
        std::error_code unknown;
        if (std::filesystem::exists(file.value, unknown) || unknown) {
            return fail(std::move(own.error()));
        }
        return fail(ErrorCode::unauthorised,
                    "you have no key yet: " + file.value + " does not exist",
                    "run `nearfab keygen`, and send the public key to the router's operator");
    }
    return RouterKeys{std::move(*own), std::move(*router)};
}

Result<wire::Connection> open_router(const Desk& desk, const RouterKeys& keys) {
    const Setting& router = desk.settings.router;
    if (auto good = check_endpoint(router, "tcp://router.example:7440"); !good) {
        return fail(std::move(good.error()));
    }
    wire::ConnectionOptions options;
    options.endpoint = router.value;
    options.server_key = keys.router;
    options.keys = keys.own;
    options.software = software();
    options.connect_timeout = connect_timeout(desk);
    options.on_reachable = tell_reachable(desk.screen, "The router at " + router.value);
    return wire::Connection::open(std::move(options));
}

Result<wire::Connection> open_router(const Desk& desk) {
    auto keys = router_keys(desk);
    if (!keys) return fail(std::move(keys.error()));
    return open_router(desk, *keys);
}

Result<wire::Connection> open_agent(const Desk& desk) {
    const Setting& agent = desk.settings.agent;
    if (!agent.value.starts_with("ipc://")) {
        return fail(ErrorCode::config,
                    in_quotes(agent.value) + " (" + agent.origin + ") is no control socket",
                    "write it like ipc:///run/nearfab/agent.sock, on the agent's own machine");
    }
    wire::ConnectionOptions options;
    options.endpoint = agent.value;
    options.software = software();
    options.connect_timeout = connect_timeout(desk);
    options.on_reachable = tell_reachable(desk.screen, "The agent at " + agent.value);
    auto opened = wire::Connection::open(std::move(options));
    if (!opened && opened.error().code == ErrorCode::unavailable) {
        opened.error().next =
            "start the agent, or name its control_socket with --agent ipc:///PATH";
    }
    return opened;
}

Error unexpected_answer(const Message& answer, const Message& question) {
    return Error{ErrorCode::malformed,
                 "the other side answered " + std::string{name_of(question)} + " with " +
                     std::string{name_of(answer)},
                 "update nearfab, and tell the operator of the router"};
}

Result<message::Jobs> ask_all(wire::Connection& connection, message::AskJobs question) {
    return ask_pages<message::Jobs>(connection, std::move(question));
}

Result<message::Why> ask_all(wire::Connection& connection, message::AskWhy question) {
    return ask_pages<message::Why>(connection, std::move(question));
}

Result<message::Fabs> ask_all(wire::Connection& connection, message::AskFabs question) {
    return ask_pages<message::Fabs>(connection, std::move(question));
}

Result<JobStatus> find_job(wire::Connection& connection, std::string_view prefix) {
    std::string id{prefix};
    std::transform(id.begin(), id.end(), id.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    if (!is_well_formed_id(id)) {
        return fail(ErrorCode::invalid_argument,
                    in_quotes(prefix) + " cannot be the id of a job",
                    "run `nearfab status` for the ids of your jobs");
    }
    auto jobs = ask_for<message::Jobs>(connection, message::AskJobs{.id_prefix = id});
    if (!jobs) return fail(std::move(jobs.error()));
    for (JobStatus& job : jobs->jobs) {
        if (job.id.text() == id) return std::move(job);
    }
    // A page that was cut may have hidden a second job: then one is not the only one.
    if (jobs->jobs.size() == 1 && !jobs->more) return std::move(jobs->jobs.front());
    if (jobs->jobs.empty()) {
        return fail(ErrorCode::not_found,
                    "you have no job " + in_quotes(id),
                    "run `nearfab status` for the ids of your jobs");
    }
    return fail(ErrorCode::conflict,
                in_quotes(id) + " is the beginning of several jobs, among them " +
                    jobs->jobs.front().id.text(),
                "give more characters of the id");
}

}  // namespace nearfab::cli
