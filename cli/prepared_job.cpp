// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/prepared_job.hpp"

#include "cli/job_file.hpp"
#include "cli/job_request.hpp"
#include "cli/places.hpp"
#include "terminal/quantity_text.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::cli {
namespace {

// A message has room for so many parts with all that is known of them; of more, only what concerns
// the process asked for is said.
constexpr std::size_t parts_in_full = 8;

// Each remark once, whichever parts it is about.
class Remarks {
public:
    explicit Remarks(const Screen& screen) : screen_{screen} {}
    void say(const std::string& text) {
        if (std::find(said_.begin(), said_.end(), text) != said_.end()) return;
        screen_.remark(text);
        said_.push_back(text);
    }

private:
    const Screen& screen_;
    std::vector<std::string> said_;
};

void remark_on(const ReadPart& part, const PartSpec& spec, bool alone, Remarks& remarks) {
    const std::string file = alone ? "" : part.file.path.filename().string() + ": ";
    for (const std::string& remark : part.papers.remarks)
        remarks.say("warning: " + remark);
    for (const std::string& note : part.file.notes)
        remarks.say(file + note);
    for (const std::string& warning : part.file.warnings)
        remarks.say("warning: " + file + warning);
    if (part.papers.licence && part.papers.licence_origin != "--licence") {
        remarks.say("licence " + *part.papers.licence + " (from " + part.papers.licence_origin +
                    ")");
    }
    if (part.file.facts.drawing && !spec.sheet_thickness_mm) {
        remarks.say("warning: " + file +
                    "nobody knows how thick the sheet is; give it with --thickness, so that its "
                    "amount and the room for it are looked at");
    }
}

Result<ReadPart> read_with_papers(const PartWishes& part,
                                  const JobWishes& wishes,
                                  const Desk& desk) {
    auto file = read_part(part.file, part.unit, part.operations, desk.step_program, desk.screen);
    if (!file) return fail(std::move(file.error()));
    auto papers =
        find_papers({.design = file->path, .licence = wishes.licence, .manifest = wishes.manifest});
    if (!papers) return fail(std::move(papers.error()));
    return ReadPart{std::move(*file), std::move(*papers)};
}

void remark_on_currency(const JobWishes& wishes, const Screen& screen) {
    if (!wishes.currency) return;
    const auto meant = currency_like(*wishes.currency);
    if (!meant) return;
    screen.remark("warning: " + in_quotes(*wishes.currency) +
                  " is taken as a unit of the network's own; did you mean " + *meant + "?");
}

void keep_process(PartFacts& facts, const ProcessId& process) {
    std::erase_if(facts.processes, [&](const ProcessFacts& p) { return p.process != process; });
}

}  // namespace

Result<PreparedJob> prepare_job(const JobWishes& typed, const Desk& desk, WallTime now) {
    auto wishes = complete_wishes(typed);
    if (!wishes) return fail(std::move(wishes.error()));
    if (!wishes->currency && !desk.settings.currency.value.empty()) {
        wishes->currency = desk.settings.currency.value;
    }
    auto places = read_places(desk.places_file());
    if (!places) return fail(std::move(places.error()));
    // Before a file is read: what was typed is mended sooner than a design.
    if (auto words = job_without_parts(*wishes, *places, now); !words) {
        return fail(std::move(words.error()));
    }
    remark_on_currency(*wishes, desk.screen);
    std::vector<ReadPart> read;
    for (const PartWishes& part : wishes->parts) {
        auto one = read_with_papers(part, *wishes, desk);
        if (!one) return fail(std::move(one.error()));
        read.push_back(std::move(*one));
    }
    auto job = make_job(*wishes, read, *places, now);
    if (!job) return fail(std::move(job.error()));
    PreparedJob prepared{{}, std::move(*job), wishes->deadline.value_or("")};
    Remarks remarks{desk.screen};
    for (std::size_t i = 0; i < read.size(); ++i) {
        const PartSpec& spec = prepared.job.parts[i];
        const PartFile& file = read[i].file;
        if (const std::string why = why_impossible(file.facts, spec.process); !why.empty()) {
            return fail(ErrorCode::invalid_file,
                        file.path.filename().string() + ": " + why,
                        "change the part there, or ask for another process with --process");
        }
        remark_on(read[i], spec, read.size() == 1, remarks);
    }
    for (ReadPart& part : read)
        prepared.parts.push_back(std::move(part.file));
    return prepared;
}

std::vector<std::string> files_of(const JobSpec& job) {
    std::vector<std::string> files;
    for (const PartSpec& part : job.parts)
        files.push_back(part.file_name);
    return files;
}

message::AskQuote question_about(const PreparedJob& prepared) {
    message::AskQuote question{.spec = prepared.job, .facts = prepared.parts.front().facts};
    for (std::size_t i = 1; i < prepared.parts.size(); ++i)
        question.more_facts.push_back(prepared.parts[i].facts);
    if (prepared.parts.size() <= parts_in_full) return question;
    keep_process(question.facts, question.spec.parts.front().process);
    for (std::size_t i = 1; i < prepared.parts.size(); ++i)
        keep_process(question.more_facts[i - 1], question.spec.parts[i].process);
    return question;
}

}  // namespace nearfab::cli
