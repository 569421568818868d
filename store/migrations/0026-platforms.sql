-- Platforms as platform_normal() spells them: the same of two tools is one.
UPDATE image
SET arch = 'linux/' || CASE lower(arch)
  WHEN 'x86_64' THEN 'amd64' WHEN 'x86-64' THEN 'amd64' WHEN 'aarch64' THEN 'arm64'
  WHEN 'i386' THEN '386' WHEN 'i686' THEN '386' ELSE lower(arch) END
WHERE arch <> '' AND instr(arch, '/') = 0;
UPDATE image SET arch = 'linux/arm64' WHERE arch = 'linux/arm64/v8';
