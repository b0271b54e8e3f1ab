// SESSION_ENDS_AT_LOGOUT: logind ends a user's processes with the session, the engine among them.

import BatchModel

extension DoctorCheck {
  static let sessionEndsAtLogout = DoctorCheck(.sessionEndsAtLogout) { examination in
    let login = examination.host.login
    guard login.endsProcesses, !login.lingers else { return [] }
    return [
      Finding(
        .sessionEndsAtLogout, .warning, "the user \(login.user)",
        "systemd-logind ends every process of a session at logout (KillUserProcesses=yes), so an "
          + "engine that was left behind does not survive it", .byHand,
        "loginctl enable-linger, then footplate service install, or out of the session: "
          + "systemd-run --user --scope footplate run --detach")
    ]
  }
}
