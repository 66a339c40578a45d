"""The computer Tidings runs on: folders, environment, keychain, locks, logs, child processes."""
