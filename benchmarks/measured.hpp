#pragma once
#include <chrono>
#include <cstdio>
#include <string>

namespace antin::bench {

/// One line of ./bench: a value beside its peer's.
struct Measure {
    std::string name, unit, peer;
    double value = 0, peer_value = 0;
    double goal = 0;  // of the ratio
};

/// Prints the JSON that ./bench reads: a list of one.
inline void print(const Measure& m) {
    std::printf(
        "[{\"name\":\"%s\",\"value\":%.1f,\"unit\":\"%s\",\"peer\":\"%s\",\"peer_value\":%.1f,"
        "\"ratio\":%.3f,\"goal\":%.2f}]\n",
        m.name.c_str(), m.value, m.unit.c_str(), m.peer.c_str(), m.peer_value,
        m.peer_value > 0 ? m.value / m.peer_value : 0, m.goal);
}

/// Seconds that `work` takes.
template <class Work>
double seconds_of(Work&& work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

}  // namespace antin::bench
