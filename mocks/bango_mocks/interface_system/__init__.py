"""The interface system (インターフェイスシステム): between the intermediate servers and the core, with the allow list."""
