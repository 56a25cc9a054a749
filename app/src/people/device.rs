//! A device in plain words, from what its browser says of itself: "微信 · Android".

/// The program that shows our pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceApp {
    /// 微信
    WeChat,
    /// 支付宝
    Alipay,
    /// A program known by its own name everywhere.
    Named(&'static str),
    /// Something else.
    Unknown,
}

impl DeviceApp {
    /// The catalogue key of its word; `None` for a proper name.
    pub fn key(self) -> Option<&'static str> {
        match self {
            DeviceApp::WeChat => Some("people-device-wechat"),
            DeviceApp::Alipay => Some("people-device-alipay"),
            DeviceApp::Named(_) => None,
            DeviceApp::Unknown => Some("people-device-unknown"),
        }
    }
}

/// Program and system of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// The program.
    pub app: DeviceApp,
    /// The system, a proper name; `None` when it is not said.
    pub system: Option<&'static str>,
}

/// Marks of programs; the first that occurs wins, so those that also name another come first.
const APPS: [(&str, DeviceApp); 13] = [
    ("MicroMessenger", DeviceApp::WeChat),
    ("AlipayClient", DeviceApp::Alipay),
    ("QQ/", DeviceApp::Named("QQ")),
    ("HuaweiBrowser", DeviceApp::Named("HUAWEI Browser")),
    ("MiuiBrowser", DeviceApp::Named("Mi Browser")),
    ("UCBrowser", DeviceApp::Named("UC")),
    ("SamsungBrowser", DeviceApp::Named("Samsung Internet")),
    ("Edg", DeviceApp::Named("Edge")),
    ("Firefox", DeviceApp::Named("Firefox")),
    ("FxiOS", DeviceApp::Named("Firefox")),
    ("CriOS", DeviceApp::Named("Chrome")),
    ("Chrome", DeviceApp::Named("Chrome")),
    ("Safari", DeviceApp::Named("Safari")),
];

const SYSTEMS: [(&str, &str); 9] = [
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

impl Device {
    /// Reads a `User-Agent`.
    pub fn from_user_agent(text: &str) -> Device {
        let app = APPS.iter().find(|(mark, _)| text.contains(mark)).map_or(DeviceApp::Unknown, |(_, app)| *app);
        let system = SYSTEMS.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name);
        Device { app, system }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        let cases = [
            (
                "Mozilla/5.0 (Linux; Android 13; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
                 Chrome/116.0.0.0 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.49",
                DeviceApp::WeChat,
                Some("Android"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/17.0 Mobile/15E148 Safari/604.1",
                DeviceApp::Named("Safari"),
                Some("iPhone"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 \
                 Safari/537.36 Edg/130.0.0.0",
                DeviceApp::Named("Edge"),
                Some("Windows"),
            ),
            ("curl/8.0", DeviceApp::Unknown, None),
            ("", DeviceApp::Unknown, None),
        ];
        for (text, app, system) in cases {
            assert_eq!(Device::from_user_agent(text), Device { app, system }, "{text}");
        }
    }
}
