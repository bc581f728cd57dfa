// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/hand_off_driver.hpp"

#include "host/durable_file.hpp"
#include "node-agent/core/start_gate.hpp"
#include "node-agent/drivers/http_machine.hpp"
#include "node-agent/drivers/json_answer.hpp"
#include "node-agent/drivers/traveller_page.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace nearfab::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t memory_bytes_max = 1U << 20U;
constexpr std::size_t orders_bytes_max = 1U << 16U;
constexpr std::size_t runs_max = 50;
constexpr std::size_t name_bytes_max = 120;

tl::unexpected<Error> storage_error(const std::string& what,
                                    const fs::path& path,
                                    const std::error_code& cause) {
    return fail(ErrorCode::storage,
                what + " " + path.string() + ": " + cause.message(),
                "check the folder of the machine");
}

bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= name_bytes_max && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

void end_current(HandOffMemory& memory, RunOutcome outcome, const std::string& words) {
    memory.ended.insert(memory.ended.begin(), LastRun{memory.current, outcome, words});
    if (memory.ended.size() > runs_max) memory.ended.resize(runs_max);
    memory.current.clear();
}

Json json_of(const HandOffMemory& memory) {
    Json runs = Json::array();
    for (const LastRun& run : memory.ended) {
        runs.push_back({{"file", run.file},
                        {"made", run.outcome == RunOutcome::completed},
                        {"detail", run.detail}});
    }
    return {{"current", memory.current},
            {"fault", memory.fault},
            {"complaint", memory.complaint},
            {"ended", std::move(runs)}};
}

HandOffMemory memory_of(const Json& json) {
    HandOffMemory memory;
    memory.current = text_at(json, {"current"});
    memory.fault = text_at(json, {"fault"});
    memory.complaint = text_at(json, {"complaint"});
    for (const Json& run : json_at(json, {"ended"})) {
        memory.ended.push_back(
            {text_at(run, {"file"}),
             flag_at(run, {"made"}) ? RunOutcome::completed : RunOutcome::aborted,
             text_at(run, {"detail"})});
    }
    return memory;
}

}  // namespace

Result<std::unique_ptr<HandOffDriver>> HandOffDriver::open(HandOffOptions options) {
    for (const char* folder : {"files", "to_make"}) {
        std::error_code cause;
        fs::create_directories(options.directory / folder, cause);
        if (cause) return storage_error("cannot make", options.directory / folder, cause);
    }
    return std::unique_ptr<HandOffDriver>{new HandOffDriver{std::move(options)}};
}

DriverTraits HandOffDriver::traits() const {
    return {DriverTraits::Run::by_hand, true, false, false};
}

fs::path HandOffDriver::stored(const std::string& name) const {
    return options_.directory / "files" / name;
}

Result<HandOffMemory> HandOffDriver::load() const {
    const auto bytes = read_file(options_.directory / "memory.json", memory_bytes_max);
    if (!bytes && bytes.error().code == ErrorCode::not_found) {
        // A folder that is gone is not a folder that remembers nothing.
        if (fs::is_directory(options_.directory / "files")) return HandOffMemory{};
        return fail(ErrorCode::unavailable,
                    "the folder " + options_.directory.string() + " is gone",
                    "connect the disk or share that it is on");
    }
    if (!bytes) return fail(bytes.error());
    const Json json = Json::parse(bytes->begin(), bytes->end(), nullptr, false);
    if (!json.is_object()) {
        return fail(ErrorCode::invalid_file,
                    (options_.directory / "memory.json").string() + " cannot be read",
                    "remove it to begin with a folder that remembers nothing");
    }
    return memory_of(json);
}

Status HandOffDriver::save(const HandOffMemory& memory) const {
    const std::string text =
        json_of(memory).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    return write_durably(options_.directory / "memory.json", bytes_of(text));
}

// Renamed before they are read, so that what is appended meanwhile is not lost. They are removed
// after what they changed is saved; obeyed twice, "done" finds nothing to end.
Result<std::string> HandOffDriver::take_orders() const {
    const fs::path taken = options_.directory / "orders.taken";
    std::error_code cause;
    if (!fs::exists(taken, cause)) {
        fs::rename(options_.directory / "orders", taken, cause);
        if (cause == std::errc::no_such_file_or_directory) return std::string{};
    }
    if (cause) return storage_error("cannot take", taken, cause);
    const auto bytes = read_file(taken, orders_bytes_max);
    if (!bytes && bytes.error().code == ErrorCode::too_large) {
        // No order is that long; as one that nobody knows it is complained of and thrown away.
        return std::string{"a file of more than 64 KiB\n"};
    }
    if (!bytes) return fail(bytes.error());
    return std::string{bytes->begin(), bytes->end()} + "\n";
}

void HandOffDriver::obey(const std::string& order, HandOffMemory& memory) const {
    const std::size_t space = std::min(order.find(' '), order.size());
    const std::string verb = order.substr(0, space);
    const std::string words = order.substr(std::min(space + 1, order.size()));
    const bool ends = verb == "done" || verb == "failed";
    if (ends && memory.current.empty()) {
        memory.complaint = "\"" + order + "\" was said, but nobody has a file to make";
    } else if (verb == "done") {
        end_current(memory, RunOutcome::completed, "said at the machine");
    } else if (verb == "failed") {
        end_current(memory, RunOutcome::aborted, words.empty() ? "said at the machine" : words);
    } else if (verb == "fault") {
        memory.fault = words.empty() ? "said at the machine" : words;
    } else if (verb == "clear-fault") {
        memory.fault.clear();
    } else {
        memory.complaint =
            "\"" + order + "\" is no order; say done, failed WHY, fault WHY or clear-fault";
    }
}

Result<HandOffMemory> HandOffDriver::look() {
    const auto before = load();
    if (!before) return before;
    const auto orders = take_orders();
    if (!orders) return fail(orders.error());
    if (orders->empty()) {
        // A crash in the middle of a start, or somebody who tidied up.
        if (!before->current.empty()) {
            if (Status put = put_out(before->current); !put) return fail(put.error());
        }
        return before;
    }
    HandOffMemory memory = *before;
    memory.complaint.clear();
    std::string rest = *orders;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        if (end > 0) obey(rest.substr(0, end), memory);
        rest.erase(0, end + 1);
    }
    if (Status saved = save(memory); !saved) return fail(saved.error());
    std::error_code cause;
    fs::remove(options_.directory / "orders.taken", cause);
    if (cause) return storage_error("cannot remove", options_.directory / "orders.taken", cause);
    if (memory.current != before->current) take_away(before->current);
    return memory;
}

// The person no longer needs them; that they are left behind does no harm.
void HandOffDriver::take_away(const std::string& name) const {
    for (const std::string& file : {name, name + ".html"}) {
        std::error_code left_behind;
        fs::remove(options_.directory / "to_make" / file, left_behind);
    }
}

Status HandOffDriver::put_out(const std::string& name) const {
    const fs::path to_make = options_.directory / "to_make";
    std::error_code not_there;
    if (fs::exists(to_make / name, not_there)) return {};
    const auto bytes = read_file(stored(name), machine_file_bytes_max);
    if (!bytes) return fail(bytes.error());
    const std::string orders = (options_.directory / "orders").string();
    Traveller traveller{options_.machine, name, nearfab::hash_of(*bytes), bytes->size(), {}, {}};
    traveller.done_command = "echo done >> " + orders;
    traveller.failed_command = "echo failed WHY >> " + orders;
    const std::string page = traveller_page(traveller);
    // The file comes last: one that somebody finds is a file to make.
    if (Status put = write_durably(to_make / (name + ".html"), bytes_of(page), 0644); !put) {
        return put;
    }
    return write_durably(to_make / name, *bytes, 0644);
}

Result<MachineIdentity> HandOffDriver::identify() {
    const auto memory = look();
    if (!memory) return fail(memory.error());
    MachineIdentity identity;
    identity.kind = "hand_off";
    identity.model = "a person with " + options_.directory.string();
    if (!memory->complaint.empty()) identity.remarks.push_back(memory->complaint);
    return identity;
}

MachineReading HandOffDriver::read() {
    const auto memory = look();
    if (!memory) return unreachable(memory.error());
    MachineReading reading;
    reading.remembers = true;
    reading.condition = MachineCondition::idle;
    reading.detail = memory->complaint;
    if (!memory->current.empty()) {
        reading.condition = MachineCondition::running;
        reading.file = memory->current;
        reading.detail = "with the person at the machine; waiting for \"done\" or \"failed WHY\"";
    }
    if (!memory->fault.empty()) {
        reading.condition = MachineCondition::fault;
        reading.file.clear();
        reading.detail = memory->fault;
    }
    if (memory->ended.empty()) return reading;
    reading.last_run = memory->ended.front();
    reading.earlier_runs.assign(memory->ended.begin() + 1, memory->ended.end());
    return reading;
}

Status HandOffDriver::upload(const std::string& name, std::span<const std::uint8_t> bytes) {
    if (const auto memory = load(); !memory) return fail(memory.error());
    if (!is_name(name)) {
        return fail(ErrorCode::invalid_argument, "a file here cannot be called that");
    }
    const auto held = stored_hash(name);
    if (held && *held == nearfab::hash_of(bytes)) return {};
    if (held) return fail(ErrorCode::conflict, "another file is called " + name);
    if (held.error().code != ErrorCode::not_found) return fail(held.error());
    return write_durably(stored(name), bytes);
}

Result<ContentHash> HandOffDriver::stored_hash(const std::string& name) {
    if (!is_name(name)) return fail(ErrorCode::not_found, "no file is called that");
    const auto bytes = read_file(stored(name), machine_file_bytes_max);
    if (!bytes) return fail(bytes.error());
    return nearfab::hash_of(*bytes);
}

Status HandOffDriver::start(const StartPermit& permit) {
    const std::string& name = permit.machine_file();
    const auto refused = [](const Error& error) {
        return fail(ErrorCode::conflict, error.message, error.next);
    };
    auto memory = look();
    if (!memory) return refused(memory.error());
    if (!memory->fault.empty()) return fail(ErrorCode::conflict, memory->fault);
    if (!memory->current.empty()) {
        return fail(ErrorCode::conflict, "the person still has " + memory->current);
    }
    const bool known = std::any_of(memory->ended.begin(),
                                   memory->ended.end(),
                                   [&](const auto& run) { return run.file == name; });
    if (known) return fail(ErrorCode::conflict, name + " was handed over before");
    if (const auto there = stored_hash(name); !there) return refused(there.error());
    if (Status good = permit.still_good(); !good) return good;
    memory->current = name;
    if (Status saved = save(*memory); !saved) {
        return fail(ErrorCode::unavailable, saved.error().message, saved.error().next);
    }
    if (Status put = put_out(name); !put) {
        return fail(ErrorCode::unavailable, put.error().message, put.error().next);
    }
    return {};
}

Status HandOffDriver::pause() {
    return fail(ErrorCode::unsupported, "only the person at the machine can pause it");
}

Status HandOffDriver::resume() {
    return fail(ErrorCode::unsupported, "only the person at the machine can go on");
}

Status HandOffDriver::cancel() {
    return fail(ErrorCode::unsupported,
                "only the person at the machine can stop it",
                "tell them, and let them say \"failed\"");
}

}  // namespace nearfab::agent
